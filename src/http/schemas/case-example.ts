/** An invented case, valid by case model v1: shown in the documentation, used by the first hour of an integrator. */
export const caseExample = {
  schemaVersion: 1,
  person: {
    id: 'P-0417',
    names: [{ id: 'n1', kind: 'legal', family: 'Okafor', given: ['Grace'] }],
    birthDate: '1991-08-23',
    sex: 'female',
  },
  communication: { languages: ['en', 'fr'], safeChannels: ['phone'] },
  needs: [{ id: 'need-1', category: 'housing', status: 'active' }],
};
