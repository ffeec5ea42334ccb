/** Every address of the console. Ids only: no name, no word of a record stands in an address. */
export const paths = {
  worklist: '/',
  find: '/find',
  /** The agency's software links here; the signed part stands in the fragment, which no server sees. */
  open: '/open',
  signedIn: '/signed-in',
  case: (caseId: string): string => `/cases/${encodeURIComponent(caseId)}`,
  send: (caseId: string): string => `/cases/${encodeURIComponent(caseId)}/send`,
  /** What the recipient of a transfer asks for. */
  sendFollowing: (caseId: string, transferId: string): string =>
    `/cases/${encodeURIComponent(caseId)}/send?follows=${transferId}`,
  write: (caseId: string): string => `/cases/${encodeURIComponent(caseId)}/write`,
  correct: (caseId: string, list: string, entryId: string): string =>
    `/cases/${encodeURIComponent(caseId)}/write/${list}/${entryId}`,
  transfer: (id: string): string => `/transfers/${id}`,
  receipt: (id: string): string => `/transfers/${id}/receipt`,
  agreements: '/agreements',
  newAgreement: '/agreements/new',
  agreement: (id: string): string => `/agreements/${id}`,
  draft: (id: string): string => `/agreements/${id}/draft`,
  oversight: '/oversight',
  log: '/log',
  register: '/register',
  partners: '/partners',
  newPartner: '/partners/new',
  partner: (id: string): string => `/partners/${id}`,
  deliveries: '/deliveries',
  figures: '/figures',
  mapping: '/mapping',
} as const;
