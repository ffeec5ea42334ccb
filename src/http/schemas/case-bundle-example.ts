const BASE = 'https://relais.example/organizations/5a1d0000-0000-4000-8000-000000000001';
const PATIENT = 'urn:uuid:0c8a5d7e-3b21-4f96-a1d4-9e6b2c7f8a10';

/** The invented case as FHIR R4, with one element that no map of Relais reads: it comes back all the same. */
export const caseBundleExample = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    {
      fullUrl: PATIENT,
      resource: {
        resourceType: 'Patient',
        identifier: [{ system: `${BASE}/person`, value: 'P-0417' }],
        name: [{ id: 'name-n1', use: 'official', family: 'Okafor', given: ['Grace'] }],
        gender: 'female',
        birthDate: '1991-08-23',
        photo: [{ title: 'kept as it is' }],
      },
    },
  ],
};
