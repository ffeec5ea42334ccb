import type { TableSource } from './define-table.js';

const STAY = 'EnrollmentID S32! | PersonalID S32!';
const insured = (name: string, reason = `No${name}Reason`): string => `${name} 1.7 | ${reason} 4.04.A`;
const income = (...names: string[]): string => names.map((name) => `${name} 1.7 | ${name}Amount M`).join(' | ');

/** Files about what happened during a stay (HMIS CSV Format Specifications FY2026). */
export const STAY_TABLES: Readonly<Record<string, TableSource>> = {
  IncomeBenefits: {
    columns: `IncomeBenefitsID S32! | ${STAY} | InformationDate D! | IncomeFromAnySource 1.8 | TotalMonthlyIncome M
      | ${income('Earned', 'Unemployment', 'SSI', 'SSDI', 'VADisabilityService', 'VADisabilityNonService')}
      | ${income('PrivateDisability', 'WorkersComp', 'TANF', 'GA', 'SocSecRetirement', 'Pension', 'ChildSupport')}
      | ${income('Alimony')} | OtherIncomeSource 1.7 | OtherIncomeAmount M | OtherIncomeSourceIdentify S50
      | BenefitsFromAnySource 1.8 | SNAP 1.7 | WIC 1.7 | TANFChildCare 1.7 | TANFTransportation 1.7 | OtherTANF 1.7
      | OtherBenefitsSource 1.7 | OtherBenefitsSourceIdentify S50 | InsuranceFromAnySource 1.8
      | ${insured('Medicaid')} | ${insured('Medicare')} | ${insured('SCHIP')} | ${insured('VHAServices', 'NoVHAReason')}
      | ${insured('EmployerProvided')} | ${insured('COBRA')} | ${insured('PrivatePay')}
      | ${insured('StateHealthIns')} | ${insured('IndianHealthServices')} | OtherInsurance 1.7
      | OtherInsuranceIdentify S50 | ADAP 1.8 | NoADAPReason W3.C | RyanWhiteMedDent 1.8 | NoRyanWhiteReason W3.C
      | ConnectionWithSOAR 1.8 | DataCollectionStage 5.03.1!`,
  },
  HealthAndDV: {
    columns: `HealthAndDVID S32! | ${STAY} | InformationDate D! | DomesticViolenceSurvivor 1.8 | WhenOccurred 4.11.A
      | CurrentlyFleeing 1.8 | GeneralHealthStatus R7.1 | DentalHealthStatus R7.1 | MentalHealthStatus R7.1
      | PregnancyStatus 1.8 | DueDate D | DataCollectionStage 5.03.1!`,
  },
  EmploymentEducation: {
    columns: `EmploymentEducationID S32! | ${STAY} | InformationDate D! | LastGradeCompleted R4.1 | SchoolStatus R5.1
      | Employed 1.8 | EmploymentType R6.A | NotEmployedReason R6.B | DataCollectionStage 5.03.1!`,
  },
  Disabilities: {
    columns: `DisabilitiesID S32! | ${STAY} | InformationDate D! | DisabilityType 1.3! | DisabilityResponse 4.10.2!
      | IndefiniteAndImpairs 1.8 | TCellCountAvailable 1.8 | TcellCount I | TcellSource W4.B | ViralLoadAvailable W4.A
      | ViralLoad I | ViralLoadSource W4.B | AntiRetroviral 1.8 | DataCollectionStage 5.03.1!`,
  },
  Services: {
    columns: `ServicesID S32! | ${STAY} | DateProvided D! | RecordType 1.4! | TypeProvided I! | OtherTypeProvided S50
      | MovingOnOtherType S50 | SubTypeProvided I | FAAmount M | FAStartDate D | FAEndDate D | ReferralOutcome P2.A`,
  },
  CurrentLivingSituation: {
    columns: `CurrentLivingSitID S32! | ${STAY} | InformationDate D! | CurrentLivingSituation 3.12.1!
      | CLSSubsidyType 3.12.A | VerifiedBy S200 | LeaveSituation14Days 1.8 | SubsequentResidence 1.8
      | ResourcesToObtain 1.8 | LeaseOwn60Day 1.8 | MovedTwoOrMore 1.8 | LocationDetails S250`,
    fy2024: { VerifiedBy: 'S100' },
  },
  Assessment: {
    columns: `AssessmentID S32! | ${STAY} | AssessmentDate D! | AssessmentLocation S250 | AssessmentType 4.19.3
      | AssessmentLevel 4.19.4 | PrioritizationStatus 4.19.7`,
  },
  AssessmentQuestions: {
    columns: `AssessmentQuestionID S32! | AssessmentID S32! | ${STAY} | AssessmentQuestionGroup S250
      | AssessmentQuestionOrder I | AssessmentQuestion S250! | AssessmentAnswer S500`,
  },
  AssessmentResults: {
    columns: `AssessmentResultID S32! | AssessmentID S32! | ${STAY} | AssessmentResultType S250! | AssessmentResult S250`,
  },
  Event: {
    columns: `EventID S32! | ${STAY} | EventDate D! | Event 4.20.2! | ProbSolDivRRResult 1.7 | ReferralCaseManageAfter 1.7
      | LocationCrisisOrPHHousing S250 | ReferralResult 4.20.D | ResultDate D`,
  },
  YouthEducationStatus: {
    columns: `YouthEducationStatusID S32! | ${STAY} | InformationDate D! | CurrentSchoolAttend C3.2
      | MostRecentEdStatus C3.A | CurrentEdStatus C3.B | DataCollectionStage 5.03.1!`,
  },
};
