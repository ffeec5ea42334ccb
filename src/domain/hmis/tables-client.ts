import type { TableSource } from './define-table.js';

/**
 * Files about persons and their stays (HMIS CSV Format Specifications FY2026). VAMCStation (V6.1) and
 * MentalHealthConsultation (V10) have lists that the VA changes between revisions: their codes are not judged.
 */
export const CLIENT_TABLES: Readonly<Record<string, TableSource>> = {
  Client: {
    columns: `PersonalID S32! | FirstName S50 | MiddleName S50 | LastName S50 | NameSuffix S50 | NameDataQuality 3.01.5!
      | SSN S64 | SSNDataQuality 3.02.2! | DOB D | DOBDataQuality 3.03.2! | Sex 4.21 | AmIndAKNative 1.10! | Asian 1.10!
      | BlackAfAmerican 1.10! | HispanicLatinao 1.10! | MidEastNAfrican 1.10! | NativeHIPacific 1.10! | White 1.10!
      | RaceNone 1.6 | AdditionalRaceEthnicity S100 | VeteranStatus 1.8! | YearEnteredService I | YearSeparated I
      | WorldWarII 1.8 | KoreanWar 1.8 | VietnamWar 1.8 | DesertStorm 1.8 | AfghanistanOEF 1.8 | IraqOIF 1.8
      | IraqOND 1.8 | OtherTheater 1.8 | MilitaryBranch V1.11 | DischargeStatus V1.12`,
    fy2024: {
      Sex: null,
      HispanicLatinao: 'rename HispanicLatinaeo',
      AdditionalRaceEthnicity: `S100 then Woman 1.10! | Man 1.10! | NonBinary 1.10! | CulturallySpecific 1.10!
        | Transgender 1.10! | Questioning 1.10! | DifferentIdentity 1.10! | GenderNone 1.6 | DifferentIdentityText S100`,
    },
  },
  Enrollment: {
    columns: `EnrollmentID S32! | PersonalID S32! | ProjectID S32! | EntryDate D! | HouseholdID S32!
      | RelationshipToHoH 3.15.1! | EnrollmentCoC S6 | LivingSituation 3.12.1 | RentalSubsidyType 3.12.A
      | LengthOfStay 3.917.2 | LOSUnderThreshold 1.7 | PreviousStreetESSH 1.7 | DateToStreetESSH D
      | TimesHomelessPastThreeYears 3.917.4 | MonthsHomelessPastThreeYears 3.917.5 | DisablingCondition 1.8!
      | DateOfEngagement D | MoveInDate D | DateOfPATHStatus D | ClientEnrolledInPATH 1.7 | ReasonNotEnrolled P3.A
      | PercentAMI V4.1 | ReferralSource R1.1 | CountOutreachReferralApproaches I | DateOfBCPStatus D
      | EligibleForRHY 1.7 | ReasonNoServices R2.A | RunawayYouth 1.8 | MentalHealthConsultation I
      | FormerWardChildWelfare 1.8 | ChildWelfareYears R11.A | ChildWelfareMonths I | FormerWardJuvenileJustice 1.8
      | JuvenileJusticeYears R11.A | JuvenileJusticeMonths I | UnemploymentFam 1.8 | MentalHealthDisorderFam 1.8
      | PhysicalDisabilityFam 1.8 | AlcoholDrugUseDisorderFam 1.8 | InsufficientIncome 1.8 | IncarceratedParent 1.8
      | VAMCStation S5 | TargetScreenReqd 1.7 | TimeToHousingLoss V7.A | AnnualPercentAMI V7.B
      | LiteralHomelessHistory V7.C | ClientLeaseholder 1.7 | HOHLeaseholder 1.7 | SubsidyAtRisk 1.7
      | EvictionHistory V7.G | CriminalRecord 1.7 | IncarceratedAdult V7.I | PrisonDischarge 1.7 | SexOffender 1.7
      | DisabledHoH 1.7 | CurrentPregnant 1.7 | SingleParent 1.7 | DependentUnder6 V7.O | HH5Plus 1.7
      | CoCPrioritized 1.7 | HPScreeningScore I | ThresholdScore I`,
    fy2024: {
      RunawayYouth: '1.8 then SexualOrientation R3.1 | SexualOrientationOther S100',
      MentalHealthConsultation: null,
      ThresholdScore: 'I then TranslationNeeded 1.8 | PreferredLanguage I | PreferredLanguageDifferent S100',
    },
  },
  Exit: {
    columns: `ExitID S32! | EnrollmentID S32! | PersonalID S32! | ExitDate D! | Destination 3.12.1!
      | DestinationSubsidyType 3.12.A | OtherDestination S50 | HousingAssessment W5.1 | SubsidyInformation W5.A
      | ProjectCompletionStatus R17.1 | EarlyExitReason R17.A | ExchangeForSex 1.8 | ExchangeForSexPastThreeMonths 1.8
      | CountOfExchangeForSex R15.B | AskedOrForcedToExchangeForSex 1.8
      | AskedOrForcedToExchangeForSexPastThreeMonths 1.8 | WorkplaceViolenceThreats 1.8
      | WorkplacePromiseDifference 1.8 | CoercedToContinueWork 1.8 | LaborExploitPastThreeMonths 1.8
      | CounselingReceived 1.7 | IndividualCounseling 1.7 | FamilyCounseling 1.7 | GroupCounseling 1.7
      | SessionCountAtExit I | PostExitCounselingPlan 1.7 | SessionsInPlan I | DestinationSafeClient 1.8
      | DestinationSafeWorker R19.A | PosAdultConnections R19.A | PosPeerConnections R19.A
      | PosCommunityConnections R19.A | AftercareDate D | AftercareProvided R20.2 | EmailSocialMedia 1.7
      | Telephone 1.7 | InPersonIndividual 1.7 | InPersonGroup 1.7 | CMExitReason V9.1`,
  },
};
