/** One change to a valid case, and what must be said about it. `SECRET` stands for content that may not come back. */
export const SECRET = 'zq7SECRET';

export interface Malformed {
  readonly title: string;
  readonly json: string;
  readonly path: string;
  readonly rule: string;
}

const person = '"person":{"id":"p","names":[{"id":"1","kind":"legal","family":"X"}]';
const at = (rest: string): string => `{"schemaVersion":1,${person}}${rest === '' ? '' : `,${rest}`}}`;
const inPerson = (rest: string): string => `{"schemaVersion":1,${person},${rest}}}`;

const row = (title: string, json: string, path: string, rule: string): Malformed => ({ title, json, path, rule });

export const MALFORMED: readonly Malformed[] = [
  row('no object', `"${SECRET}"`, '', 'case.type'),
  row('an array', '[]', '', 'case.type'),
  row('null', 'null', '', 'case.null'),
  row('no version', `{${person}}}`, '/schemaVersion', 'case.required'),
  row('another version', `{"schemaVersion":2,${person}}}`, '/schemaVersion', 'case.version'),
  row('no person', '{"schemaVersion":1}', '/person', 'case.required'),
  row('unknown field at the top', at(`"${SECRET}":1`), '', 'case.unknown-field'),
  row('unknown field inside', inPerson(`"${SECRET}":1`), '/person', 'case.unknown-field'),
  row(
    'unknown field in an item',
    at(`"needs":[{"id":"a","category":"food","status":"active","${SECRET}":1}]`),
    '/needs/0',
    'case.unknown-field',
  ),
  row(
    'unknown field in about',
    inPerson(`"about":{"${SECRET}":{"source":"declared"}}`),
    '/person/about',
    'case.unknown-field',
  ),
  row(
    'unknown mark',
    inPerson(`"about":{"sex":{"source":"declared","${SECRET}":1}}`),
    '/person/about/sex',
    'case.unknown-field',
  ),
  row('unknown source', inPerson(`"about":{"sex":{"source":"${SECRET}"}}`), '/person/about/sex/source', 'case.code'),
  row(
    'unknown sensitivity',
    inPerson(`"about":{"*":{"source":"declared","sensitivities":["${SECRET}"]}}`),
    '/person/about/*/sensitivities/0',
    'case.code',
  ),
  row(
    'key with a blank',
    `{"schemaVersion":1,"person":{"id":"a ${SECRET}","anonymous":true}}`,
    '/person/id',
    'case.key',
  ),
  row(
    'key too long',
    `{"schemaVersion":1,"person":{"id":"${'a'.repeat(65)}","anonymous":true}}`,
    '/person/id',
    'case.key',
  ),
  row('number for text', inPerson('"birthPlace":7'), '/person/birthPlace', 'case.type'),
  row('null for text', inPerson('"birthPlace":null'), '/person/birthPlace', 'case.null'),
  row('text for a flag', inPerson(`"deceased":"${SECRET}"`), '/person/deceased', 'case.type'),
  row('unknown code', inPerson(`"sex":"${SECRET}"`), '/person/sex', 'case.code'),
  row('day that does not exist', inPerson('"birthDate":"2023-02-29"'), '/person/birthDate', 'case.partial-date'),
  row('month 13', inPerson('"birthDate":"2023-13"'), '/person/birthDate', 'case.partial-date'),
  row('year 0000', inPerson('"birthDate":"0000"'), '/person/birthDate', 'case.partial-date'),
  row(
    'partial where whole is required',
    at('"caseFile":{"status":"active","openedOn":"2024-05"}'),
    '/caseFile/openedOn',
    'case.date',
  ),
  row('precision without date', inPerson('"birthDatePrecision":"day"'), '/person/birthDatePrecision', 'case.precision'),
  row(
    'precision against the date',
    inPerson('"birthDate":"1990","birthDatePrecision":"day"'),
    '/person/birthDatePrecision',
    'case.precision',
  ),
  row('death without deceased', inPerson('"deceasedDate":"2020-01-01"'), '/person/deceasedDate', 'case.deceased-date'),
  row(
    'death before birth',
    inPerson('"birthDate":"1990","deceased":true,"deceasedDate":"1989-12-31"'),
    '/person/deceasedDate',
    'case.order',
  ),
  row('nobody', '{"schemaVersion":1,"person":{"id":"p"}}', '/person', 'case.identity-minimum'),
  row('anonymous with a legal name', inPerson('"anonymous":true'), '/person/anonymous', 'case.anonymous'),
  row(
    'empty name',
    '{"schemaVersion":1,"person":{"id":"p","names":[{"id":"1","kind":"used"}]}}',
    '/person/names/0',
    'case.name-empty',
  ),
  row('blank', inPerson('"birthPlace":"   "'), '/person/birthPlace', 'case.blank'),
  row('empty text', inPerson('"birthPlace":""'), '/person/birthPlace', 'case.too-short'),
  row('two lines', inPerson(`"birthPlace":"a\\n${SECRET}"`), '/person/birthPlace', 'case.one-line'),
  row('too long', inPerson(`"birthPlace":"${SECRET.repeat(20)}"`), '/person/birthPlace', 'case.too-long'),
  row('country in small letters', inPerson('"birthCountry":"fr"'), '/person/birthCountry', 'case.country'),
  row(
    'same id twice',
    inPerson('"identifiers":[{"id":"a","type":"tax","value":"1"},{"id":"a","type":"tax","value":"2"}]'),
    '/person/identifiers/1/id',
    'case.same-id',
  ),
  row('no list', at(`"needs":{"${SECRET}":1}`), '/needs', 'case.type'),
  row('required field of an item', at('"needs":[{"id":"a","category":"food"}]'), '/needs/0/status', 'case.required'),
  row(
    'too many items',
    at(
      `"telecoms":[${Array.from({ length: 31 }, (_, index) => `{"id":"${index}","system":"phone","value":"1"}`).join(',')}]`,
    ),
    '/telecoms',
    'case.too-many',
  ),
  row(
    'language by name',
    at(`"communication":{"languages":["français ${SECRET}"]}`),
    '/communication/languages/0',
    'case.language',
  ),
  row(
    'interpreter contradicted',
    at('"communication":{"interpreter":"none","interpreterLanguage":"ar"}'),
    '/communication/interpreterLanguage',
    'case.interpreter',
  ),
  row(
    'safe telecom that is not there',
    at(`"communication":{"safeTelecomId":"${SECRET}"}`),
    '/communication/safeTelecomId',
    'case.unknown-reference',
  ),
  row(
    'code twice',
    at('"communication":{"safeChannels":["phone","phone"]}'),
    '/communication/safeChannels',
    'case.repeated',
  ),
  row(
    'hour 24',
    at('"communication":{"safeHours":[{"id":"h","from":"24:00"}]}'),
    '/communication/safeHours/0/from',
    'case.time',
  ),
  row(
    'no fixed address but a home',
    `{"schemaVersion":1,${person},"noFixedAddress":true},"addresses":[{"id":"a","use":"home"}]}`,
    '/person/noFixedAddress',
    'case.no-fixed-address',
  ),
  row(
    'property measure with health acts',
    at(
      '"representation":{"measures":[{"id":"m","kind":"guardianship","status":"ended","scope":"property","acts":["health-acts"]}]}',
    ),
    '/representation/measures/0/acts',
    'case.property-measure',
  ),
  row(
    'named acts without acts',
    at('"representation":{"measures":[{"id":"m","kind":"other","status":"ended","scope":"named-acts"}]}'),
    '/representation/measures/0/acts',
    'case.named-acts',
  ),
  row(
    'measure in force without holder',
    at('"representation":{"measures":[{"id":"m","kind":"other","status":"active","scope":"person"}]}'),
    '/representation/measures/0',
    'case.holder',
  ),
  row(
    'end before start',
    at(
      '"representation":{"measures":[{"id":"m","kind":"other","status":"ended","scope":"person","startDate":"2024-01-02","endDate":"2024-01-01"}]}',
    ),
    '/representation/measures/0/endDate',
    'case.order',
  ),
  row(
    'unborn with an age',
    at('"household":{"members":[{"id":"m","kind":"unborn","age":1}]}'),
    '/household/members/0/kind',
    'case.unborn',
  ),
  row(
    'age with a fraction',
    at('"household":{"members":[{"id":"m","age":6.5}]}'),
    '/household/members/0/age',
    'case.integer',
  ),
  row('age written 6.0', at('"household":{"members":[{"id":"m","age":6.0}]}'), '/household/members/0/age', 'case.type'),
  row(
    'age out of range',
    at('"household":{"members":[{"id":"m","age":131}]}'),
    '/household/members/0/age',
    'case.range',
  ),
  row(
    'closed without status',
    at('"caseFile":{"status":"active","closedOn":"2024-01-01"}'),
    '/caseFile/closedOn',
    'case.closing',
  ),
  row(
    'decline reason without status',
    at('"referrals":[{"id":"r","category":"food","status":"sent","declineReason":"other"}]'),
    '/referrals/0/declineReason',
    'case.decline',
  ),
  row(
    'goal for a need that is not there',
    at(`"goals":[{"id":"g","category":"food","status":"active","needIds":["${SECRET}"]}]`),
    '/goals/0/needIds/0',
    'case.unknown-reference',
  ),
  row(
    'amount with an exponent',
    at('"income":{"resources":[{"id":"r","kind":"wages","amount":1e3,"currency":"EUR"}]}'),
    '/income/resources/0/amount',
    'case.decimal',
  ),
  row(
    'amount of twenty digits',
    at('"income":{"resources":[{"id":"r","kind":"wages","amount":12345678901234567890,"currency":"EUR"}]}'),
    '/income/resources/0/amount',
    'case.decimal',
  ),
  row(
    'amount as text',
    at(`"income":{"resources":[{"id":"r","kind":"wages","amount":"${SECRET}","currency":"EUR"}]}`),
    '/income/resources/0/amount',
    'case.type',
  ),
  row(
    'negative amount',
    at('"income":{"resources":[{"id":"r","kind":"wages","amount":-0.10,"currency":"EUR"}]}'),
    '/income/resources/0/amount',
    'case.range',
  ),
  row(
    'amount without currency',
    at('"income":{"resources":[{"id":"r","kind":"wages","amount":0.10}]}'),
    '/income/resources/0/currency',
    'case.amount-currency',
  ),
  row(
    'currency by name',
    at(`"income":{"resources":[{"id":"r","kind":"wages","amount":1,"currency":"euro"}]}`),
    '/income/resources/0/currency',
    'case.currency',
  ),
  row(
    'wrong IBAN',
    at('"income":{"bankAccounts":[{"id":"b","iban":"FR7630006000011234567890188"}]}'),
    '/income/bankAccounts/0/iban',
    'case.iban',
  ),
  row(
    'stay that ends before it begins',
    at('"stays":[{"id":"s","kind":"prevention","status":"finished","startDate":"2024-01-02","endDate":"2024-01-01"}]'),
    '/stays/0/endDate',
    'case.order',
  ),
  row(
    'exit of a stay that is not there',
    at(`"exits":[{"id":"x","stayId":"${SECRET}","destination":"owner"}]`),
    '/exits/0/stayId',
    'case.unknown-reference',
  ),
  row(
    'service with an amount without currency',
    at('"services":[{"id":"v","kind":"meal","date":"2024-01-01","amount":1}]'),
    '/services/0/currency',
    'case.amount-currency',
  ),
  row(
    'answer with two values',
    at('"screenings":[{"id":"q","kind":"hiv","topic":"hiv-viral-load","count":1,"date":"2024"}]'),
    '/screenings/0',
    'case.one-answer',
  ),
  row(
    'code of an answer without the answer',
    at('"screenings":[{"id":"q","kind":"exit","topic":"employed","answerCode":"1"}]'),
    '/screenings/0/answer',
    'case.answer-code',
  ),
  row(
    'condition refuted and active',
    at('"health":{"conditions":[{"id":"c","kind":"hiv","status":"active","verification":"refuted"}]}'),
    '/health/conditions/0/verification',
    'case.refuted',
  ),
  row(
    'hearing without date',
    at('"housing":{"evictions":[{"id":"e","stage":"hearing-scheduled"}]}'),
    '/housing/evictions/0/hearingDate',
    'case.hearing',
  ),
  row(
    'appeal filed without date',
    at('"rights":{"appeals":[{"id":"a","kind":"court","status":"filed","deadline":"2027-01-01"}]}'),
    '/rights/appeals/0/filedOn',
    'case.appeal-filed',
  ),
  row(
    'file without type',
    at('"documents":[{"id":"d","kind":"photo","content":"AAAA"}]'),
    '/documents/0/mimeType',
    'case.file-type',
  ),
  row(
    'file that is not base64',
    at(`"documents":[{"id":"d","kind":"photo","mimeType":"image/png","content":"${SECRET}!!!"}]`),
    '/documents/0/content',
    'case.base64',
  ),
  row(
    'digest too short',
    at('"documents":[{"id":"d","kind":"photo","sha256":"00"}]'),
    '/documents/0/sha256',
    'case.sha256',
  ),
  row(
    'system that is no address',
    at(`"health":{"conditions":[{"id":"c","kind":"acute","status":"active","codeSystem":"${SECRET}"}]}`),
    '/health/conditions/0/codeSystem',
    'case.uri',
  ),
  row(
    'code with blanks',
    at(`"health":{"conditions":[{"id":"c","kind":"acute","status":"active","code":"a ${SECRET}"}]}`),
    '/health/conditions/0/code',
    'case.code-form',
  ),
  row(
    'alert without expiry',
    at(
      '"safety":{"staffAlerts":[{"id":"s","kind":"threats","status":"open","fact":"f","author":"a","recordedOn":"2024-01-01","reviewOn":"2024-02-01"}]}',
    ),
    '/safety/staffAlerts/0/expiresOn',
    'case.required',
  ),
  row('working note without text', at('"workingNotes":[{"id":"w"}]'), '/workingNotes/0/text', 'case.required'),
];
