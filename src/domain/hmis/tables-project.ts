import type { TableSource } from './define-table.js';

/** Files about the export, the organizations and their projects (HMIS CSV Format Specifications FY2026). */
export const PROJECT_TABLES: Readonly<Record<string, TableSource>> = {
  Export: {
    columns: `ExportID S32! | SourceType 1.9! | SourceID S350 | SourceName S50 | SourceContactFirst S50
      | SourceContactLast S50 | SourceContactPhone S10 | SourceContactExtension S5 | SourceContactEmail S320
      | ExportDate T! | ExportStartDate D! | ExportEndDate D! | SoftwareName S50 | SoftwareVersion S50 | CSVVersion S50!
      | ExportPeriodType 1.1! | ExportDirective 1.2! | HashStatus 1.5! | ImplementationID S200!`,
    metadata: 'none',
    fy2024: { SourceID: 'S32' },
  },
  Organization: {
    columns: `OrganizationID S32! | OrganizationName S200! | VictimServiceProvider 1.10! | OrganizationCommonName S200`,
  },
  User: {
    columns: `UserID S32! | UserFirstName S50 | UserLastName S50 | UserPhone S10 | UserExtension S5 | UserEmail S320`,
    metadata: 'without-user',
  },
  Project: {
    columns: `ProjectID S32! | OrganizationID S32! | ProjectName S200! | ProjectCommonName S200 | OperatingStartDate D!
      | OperatingEndDate D | ContinuumProject 1.10! | ProjectType 2.02.6 | HousingType 2.02.D | RRHSubType 2.02.A
      | ResidentialAffiliation 1.10 | TargetPopulation 2.02.7 | HOPWAMedAssistedLivingFac 2.02.8 | PITCount I`,
  },
  Funder: {
    columns: `FunderID S32! | ProjectID S32! | Funder 2.06.1! | OtherFunder S100 | GrantID S100 | StartDate D! | EndDate D`,
  },
  ProjectCoC: {
    columns: `ProjectCoCID S32! | ProjectID S32! | CoCCode S6! | Geocode S6 | Address1 S100 | Address2 S100 | City S50
      | State S2 | ZIP S5 | GeographyType 2.03.4`,
  },
  Inventory: {
    columns: `InventoryID S32! | ProjectID S32! | CoCCode S6 | HouseholdType 2.07.4! | Availability 2.07.6
      | UnitInventory I! | BedInventory I! | CHVetBedInventory I | YouthVetBedInventory I | VetBedInventory I
      | CHYouthBedInventory I | YouthBedInventory I | CHBedInventory I | OtherBedInventory I | ESBedType 2.07.5
      | InventoryStartDate D! | InventoryEndDate D`,
  },
  Affiliation: { columns: `AffiliationID S32! | ProjectID S32! | ResProjectID S32!` },
  HMISParticipation: {
    columns: `HMISParticipationID S32! | ProjectID S32! | HMISParticipationType 2.08.1!
      | HMISParticipationStatusStartDate D! | HMISParticipationStatusEndDate D`,
  },
  CEParticipation: {
    columns: `CEParticipationID S32! | ProjectID S32! | AccessPoint 1.10! | PreventionAssessment 1.10
      | CrisisAssessment 1.10 | HousingAssessment 1.10 | DirectServices 1.10 | ReceivesReferrals 1.10!
      | CEParticipationStatusStartDate D! | CEParticipationStatusEndDate D`,
  },
};
