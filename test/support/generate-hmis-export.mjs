// A synthetic HMIS CSV FY2026 export of any size: node test/support/generate-hmis-export.mjs <folder> <people> <rows>
// One Client and one Enrollment row for each person, the rest Services. Nobody in it exists.
import { mkdirSync, openSync, writeSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const META = '2026-01-05 09:00:00,2026-01-06 10:30:00,7,,X1';
const META_NAMES = 'DateCreated,DateUpdated,UserID,DateDeleted,ExportID';
const FAMILY = ['Harlow', 'Tremblay', 'Nkemelu', 'Castellan', 'Vogel', 'Okonkwo', 'Lindqvist', 'Marchetti'];
const GIVEN = ['Ada', 'Bruno', 'Chantal', 'Dmitri', 'Esther', 'Farid', 'Gwen', 'Hugo', 'Ines', 'Jonas'];
const CLIENT =
  'PersonalID,FirstName,MiddleName,LastName,NameSuffix,NameDataQuality,SSN,SSNDataQuality,DOB,DOBDataQuality,Sex,AmIndAKNative,Asian,BlackAfAmerican,HispanicLatinao,MidEastNAfrican,NativeHIPacific,White,RaceNone,AdditionalRaceEthnicity,VeteranStatus,YearEnteredService,YearSeparated,WorldWarII,KoreanWar,VietnamWar,DesertStorm,AfghanistanOEF,IraqOIF,IraqOND,OtherTheater,MilitaryBranch,DischargeStatus';
const SERVICES =
  'ServicesID,EnrollmentID,PersonalID,DateProvided,RecordType,TypeProvided,OtherTypeProvided,MovingOnOtherType,SubTypeProvided,FAAmount,FAStartDate,FAEndDate,ReferralOutcome';

/**
 * @param {string} folder
 * @param {number} people
 * @param {number} rows all rows of all files, at least twice the people
 */
export function generateHmisExport(folder, people, rows) {
  mkdirSync(folder, { recursive: true });
  const two = (number) => String(number).padStart(2, '0');
  const date = (n) => `${1950 + (n % 60)}-${two(1 + (n % 12))}-${two(1 + (n % 28))}`;
  write(
    folder,
    'Organization.csv',
    `OrganizationID,OrganizationName,VictimServiceProvider,OrganizationCommonName,${META_NAMES}`,
    1,
    () => `1,Harbour House,0,,${META}`,
  );
  write(
    folder,
    'Client.csv',
    `${CLIENT},${META_NAMES}`,
    people,
    (n) =>
      `${n},${GIVEN[n % 10]},,${FAMILY[n % 8]},,1,,99,${date(n)},1,${n % 2},0,0,0,0,0,0,1,,,0${','.repeat(12)},${META}`,
  );
  write(
    folder,
    'Enrollment.csv',
    `EnrollmentID,PersonalID,ProjectID,EntryDate,HouseholdID,RelationshipToHoH,DisablingCondition,${META_NAMES}`,
    people,
    (n) => `E${n},${n},P1,2025-${two(1 + (n % 12))}-01,H${n},1,0,${META}`,
  );
  write(
    folder,
    'Services.csv',
    `${SERVICES},${META_NAMES}`,
    rows - 2 * people - 1,
    (n) => `S${n},E${1 + (n % people)},${1 + (n % people)},2025-06-${two(1 + (n % 28))},200,200,,,,,,,,${META}`,
  );
}

function write(folder, name, header, count, row) {
  const file = openSync(join(folder, name), 'w');
  let text = `${header}\r\n`;
  for (let n = 1; n <= count; n++) {
    text += `${row(n)}\r\n`;
    if (text.length > 1 << 20) {
      writeSync(file, text);
      text = '';
    }
  }
  writeSync(file, text);
  closeSync(file);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  generateHmisExport(process.argv[2], Number(process.argv[3]), Number(process.argv[4]));
}
