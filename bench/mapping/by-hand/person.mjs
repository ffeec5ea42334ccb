// The person by hand: Patient with names, numbers, addresses, telecoms and how to speak with them.
import { CS, HL7, SD, codeOf, concept, exactly, exactOf, periodOf, takePeriod } from './words.mjs';

const IDENTIFIER_TYPE = {
  agency: 'PI',
  national: 'NI',
  'social-security': 'SS',
  health: 'HC',
  tax: 'TAX',
  passport: 'PPN',
  'residence-permit': 'PRC',
  'driving-licence': 'DL',
  military: 'MI',
  student: 'SN',
};
const NAME_USE = { legal: 'official', used: 'usual', assumed: 'anonymous' };
const NAME_KIND = { official: 'legal', usual: 'used', anonymous: 'assumed' };
const TELECOM_SYSTEM = { phone: 'phone', sms: 'sms', email: 'email', messaging: 'other', fax: 'fax', other: 'other' };
const TELECOM_USE = { home: 'home', mobile: 'mobile', work: 'work', relay: 'temp', old: 'old' };
const TELECOM_USED = { home: 'home', mobile: 'mobile', work: 'work', temp: 'relay', old: 'old' };
const ADDRESS_USE = { home: 'home', postal: 'home', temporary: 'temp', billing: 'billing', old: 'old' };
const ADDRESS_TYPE = { home: 'physical', postal: 'postal', temporary: 'physical', billing: 'postal', old: 'physical' };
const MARITAL = {
  single: 'S',
  married: 'M',
  'civil-union': 'T',
  separated: 'L',
  divorced: 'D',
  widowed: 'W',
  unknown: 'UNK',
};

export function patientOf(run, record) {
  const { person } = record;
  const resource = {
    resourceType: 'Patient',
    id: run.personId,
    meta: { profile: [`${SD}person`] },
    extension: extensionsOf(person, record.communication),
    identifier: [{ system: `${run.base}/person`, value: person.id }, ...person.identifiers.map(identifierOf)],
    name: person.names.map(nameOf),
    telecom: record.telecoms.map(telecomOf),
    gender: person.sex,
    birthDate: person.birthDate,
  };
  if (person.birthDatePrecision !== undefined) {
    resource._birthDate = { extension: [{ url: `${SD}birth-date-precision`, valueCode: person.birthDatePrecision }] };
  }
  resource.address = record.addresses.map(addressOf);
  const marital = MARITAL[person.maritalStatus];
  const own = { system: `${CS}marital-status`, code: person.maritalStatus };
  const system = `${HL7}${person.maritalStatus === 'unknown' ? 'v3-NullFlavor' : 'v3-MaritalStatus'}`;
  resource.maritalStatus = { coding: marital === undefined ? [own] : [{ system, code: marital }, own] };
  resource.communication = record.communication.languages.map((code) => ({
    language: concept('urn:ietf:bcp:47', code),
  }));
  return resource;
}

function extensionsOf(person, communication) {
  const list = [];
  if (person.birthPlace !== undefined || person.birthCountry !== undefined) {
    const valueAddress = {};
    if (person.birthPlace !== undefined) valueAddress.text = person.birthPlace;
    if (person.birthCountry !== undefined) valueAddress.country = person.birthCountry;
    list.push({ url: 'http://hl7.org/fhir/StructureDefinition/patient-birthPlace', valueAddress });
  }
  for (const nation of person.nationalities) {
    list.push({
      url: 'http://hl7.org/fhir/StructureDefinition/patient-nationality',
      extension: [{ url: 'code', valueCodeableConcept: concept('urn:iso:std:iso:3166', nation) }],
    });
  }
  list.push({
    url: 'http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired',
    valueBoolean: communication.interpreter === 'required',
  });
  if (person.immigrationStatus !== undefined) {
    const extension = [{ url: 'status', valueCode: person.immigrationStatus }];
    if (person.immigrationStatusUntil !== undefined)
      extension.push({ url: 'until', valueDate: person.immigrationStatusUntil });
    list.push({ url: `${SD}immigration-status`, extension });
  }
  list.push({ url: `${SD}contact-preferences`, extension: preferencesOf(communication) });
  return list;
}

function preferencesOf(it) {
  const list = [{ url: 'written-language', valueCode: it.writtenLanguage }];
  list.push({ url: 'interpreter', valueCode: it.interpreter });
  if (it.interpreterLanguage !== undefined)
    list.push({ url: 'interpreter-language', valueCode: it.interpreterLanguage });
  list.push({ url: 'literacy', valueCode: it.literacy }, { url: 'digital-access', valueCode: it.digitalAccess });
  for (const channel of it.safeChannels) list.push({ url: 'safe-channel', valueCode: channel });
  list.push({ url: 'safe-telecom', valueString: it.safeTelecomId });
  for (const { id, days, from, to } of it.safeHours) {
    const extension = [{ url: 'key', valueString: id }];
    for (const day of days) extension.push({ url: 'day', valueCode: day });
    extension.push({ url: 'from', valueTime: `${from}:00` }, { url: 'to', valueTime: `${to}:00` });
    list.push({ url: 'safe-hours', extension });
  }
  list.push({ url: 'voicemail-allowed', valueBoolean: it.voicemailAllowed });
  if (it.note !== undefined) list.push({ url: 'note', valueString: it.note });
  return list;
}

function identifierOf(number) {
  const own = { system: `${CS}identifier-type`, code: number.type };
  const standard = IDENTIFIER_TYPE[number.type];
  const coding = standard === undefined ? [own] : [{ system: `${HL7}v2-0203`, code: standard }, own];
  const identifier = { id: `identifier-${number.id}`, type: { coding } };
  if (number.system !== undefined) identifier.system = number.system;
  identifier.value = number.value;
  const period = periodOf(number.startDate, number.endDate);
  if (period !== undefined) identifier.period = period;
  if (number.assigner !== undefined) identifier.assigner = { display: number.assigner };
  return identifier;
}

function nameOf(name) {
  const human = { id: `name-${name.id}`, use: NAME_USE[name.kind] };
  if (name.family !== undefined) human.family = name.family;
  if (name.given !== undefined) human.given = name.given.slice();
  const period = periodOf(name.startDate, name.endDate);
  if (period !== undefined) human.period = period;
  return human;
}

function telecomOf(telecom) {
  const point = {
    id: `telecom-${telecom.id}`,
    system: TELECOM_SYSTEM[telecom.system],
    _system: exactly(`${CS}telecom-kind`, telecom.system),
    value: telecom.value,
  };
  if (telecom.safe !== undefined) point.extension = [{ url: `${SD}telecom-safe`, valueBoolean: telecom.safe }];
  if (telecom.use !== undefined) point.use = TELECOM_USE[telecom.use];
  return point;
}

function addressOf(address) {
  const out = {
    id: `address-${address.id}`,
    use: ADDRESS_USE[address.use],
    _use: exactly(`${CS}address-use`, address.use),
    type: ADDRESS_TYPE[address.use],
    line: address.lines.slice(),
    city: address.city,
    postalCode: address.postalCode,
  };
  if (address.careOf !== undefined) out.extension = [{ url: `${SD}care-of`, valueString: address.careOf }];
  if (address.country !== undefined) out.country = address.country;
  const period = periodOf(address.startDate, address.endDate);
  if (period !== undefined) out.period = period;
  return out;
}

/** The way back: the person and what stands beside them in the record. */
export function takePatient(run, r) {
  const { record } = run;
  const person = (record.person ??= {});
  person.id = run.key;
  for (const extension of r.extension ?? []) takeExtension(record, person, extension);
  for (const identifier of r.identifier ?? []) {
    if (identifier.id === undefined) continue;
    const number = { id: identifier.id.slice('identifier-'.length) };
    const type = codeOf(identifier.type, `${CS}identifier-type`);
    if (type !== undefined) {
      number.type = type;
      const standard = codeOf(identifier.type, `${HL7}v2-0203`);
      if (standard !== undefined && IDENTIFIER_TYPE[type] !== standard) run.conflicts.push(run.key);
    }
    if (identifier.system !== undefined) number.system = identifier.system;
    if (identifier.value !== undefined) number.value = identifier.value;
    takePeriod(identifier.period, number);
    if (identifier.assigner?.display !== undefined) number.assigner = identifier.assigner.display;
    (person.identifiers ??= []).push(number);
  }
  for (const human of r.name ?? []) {
    const name = { id: human.id.slice('name-'.length), kind: NAME_KIND[human.use] };
    if (human.family !== undefined) name.family = human.family;
    if (human.given !== undefined) name.given = human.given;
    takePeriod(human.period, name);
    (person.names ??= []).push(name);
  }
  for (const point of r.telecom ?? []) (record.telecoms ??= []).push(takeTelecom(run, point));
  if (r.gender !== undefined) person.sex = r.gender;
  if (r.birthDate !== undefined) person.birthDate = r.birthDate;
  const precision = r._birthDate?.extension?.find(({ url }) => url === `${SD}birth-date-precision`)?.valueCode;
  if (precision !== undefined) person.birthDatePrecision = precision;
  for (const address of r.address ?? []) (record.addresses ??= []).push(takeAddress(run, address));
  const marital = codeOf(r.maritalStatus, `${CS}marital-status`);
  if (marital !== undefined) {
    person.maritalStatus = marital;
    const system = `${HL7}${marital === 'unknown' ? 'v3-NullFlavor' : 'v3-MaritalStatus'}`;
    const standard = codeOf(r.maritalStatus, system);
    if (standard !== MARITAL[marital]) run.conflicts.push(run.key);
  }
  for (const { language } of r.communication ?? []) {
    const code = codeOf(language, 'urn:ietf:bcp:47');
    if (code !== undefined) ((record.communication ??= {}).languages ??= []).push(code);
  }
}

function takeExtension(record, person, extension) {
  switch (extension.url) {
    case 'http://hl7.org/fhir/StructureDefinition/patient-birthPlace': {
      const { text, country } = extension.valueAddress;
      if (text !== undefined) person.birthPlace = text;
      if (country !== undefined) person.birthCountry = country;
      break;
    }
    case 'http://hl7.org/fhir/StructureDefinition/patient-nationality': {
      const code = codeOf(extension.extension?.[0]?.valueCodeableConcept, 'urn:iso:std:iso:3166');
      if (code !== undefined) (person.nationalities ??= []).push(code);
      break;
    }
    case `${SD}immigration-status`:
      for (const { url, valueCode, valueDate } of extension.extension ?? []) {
        if (url === 'status') person.immigrationStatus = valueCode;
        else if (url === 'until') person.immigrationStatusUntil = valueDate;
      }
      break;
    case `${SD}contact-preferences`:
      for (const preference of extension.extension ?? []) takePreference((record.communication ??= {}), preference);
      break;
  }
}

function takePreference(into, one) {
  switch (one.url) {
    case 'written-language':
      into.writtenLanguage = one.valueCode;
      break;
    case 'interpreter':
      into.interpreter = one.valueCode;
      break;
    case 'interpreter-language':
      into.interpreterLanguage = one.valueCode;
      break;
    case 'literacy':
      into.literacy = one.valueCode;
      break;
    case 'digital-access':
      into.digitalAccess = one.valueCode;
      break;
    case 'safe-channel':
      (into.safeChannels ??= []).push(one.valueCode);
      break;
    case 'safe-telecom':
      into.safeTelecomId = one.valueString;
      break;
    case 'safe-hours': {
      const hours = {};
      for (const { url, valueString, valueCode, valueTime } of one.extension ?? []) {
        if (url === 'key') hours.id = valueString;
        else if (url === 'day') (hours.days ??= []).push(valueCode);
        else if (url === 'from') hours.from = valueTime.slice(0, -3);
        else if (url === 'to') hours.to = valueTime.slice(0, -3);
      }
      (into.safeHours ??= []).push(hours);
      break;
    }
    case 'voicemail-allowed':
      into.voicemailAllowed = one.valueBoolean;
      break;
    case 'note':
      into.note = one.valueString;
      break;
  }
}

function takeTelecom(run, point) {
  const telecom = { id: point.id.slice('telecom-'.length) };
  for (const { url, valueBoolean } of point.extension ?? [])
    if (url === `${SD}telecom-safe`) telecom.safe = valueBoolean;
  const kind = exactOf(point._system, `${CS}telecom-kind`);
  if (kind !== undefined) telecom.system = kind;
  if (point.system !== undefined && TELECOM_SYSTEM[telecom.system] !== point.system) run.conflicts.push(run.key);
  if (point.value !== undefined) telecom.value = point.value;
  if (point.use !== undefined) telecom.use = TELECOM_USED[point.use];
  return telecom;
}

function takeAddress(run, address) {
  const out = { id: address.id.slice('address-'.length) };
  for (const { url, valueString } of address.extension ?? []) if (url === `${SD}care-of`) out.careOf = valueString;
  const use = exactOf(address._use, `${CS}address-use`);
  if (use !== undefined) out.use = use;
  if (ADDRESS_USE[out.use] !== address.use || ADDRESS_TYPE[out.use] !== address.type) run.conflicts.push(run.key);
  if (address.line !== undefined) out.lines = address.line;
  if (address.city !== undefined) out.city = address.city;
  if (address.postalCode !== undefined) out.postalCode = address.postalCode;
  if (address.country !== undefined) out.country = address.country;
  takePeriod(address.period, out);
  return out;
}
