import { instant, type Instant } from '../../src/kernel/clock.js';
import type { OrganizationId } from '../../src/kernel/ids.js';
import type { Agreement } from '../../src/domain/agreement/agreement.js';
import { agreement, RECIPIENT, SENDER } from './terms.js';

export const THIRD = '00000000-0000-4000-8000-00000000000d' as OrganizationId;
export const NOON: Instant = instant('2026-02-10T12:00:00Z');

/** Every clause is there: it can be proposed. */
export function complete(changes: Partial<Agreement> = {}): Agreement {
  const base = agreement({ version: 1, status: 'draft', proposal: { kind: 'new', by: SENDER }, ...changes });
  return {
    ...base,
    purposes: base.purposes.map((purpose) => ({
      ...purpose,
      roles: [...new Set([...purpose.senders, ...purpose.recipients])].map((party) => ({ party, role: 'controller' })),
      recipientFunctions: [{ en: 'housing officers', fr: 'chargé·es de logement' }],
    })),
    dpia: { opinion: 'favourable', reference: 'DPIA 2025-14' },
    retention: { days: 365, then: 'delete', certificate: true },
    onward: { kind: 'forbidden' },
    emergency: { allowed: true, categories: ['identity', 'contact'], maxHours: 24, reviewWithinDays: 7 },
    adhesion: { open: true, places: [{ purpose: 'HOUSING', as: 'recipient', role: 'controller' }] },
    auditRight: { noticeDays: 30 },
    breachNotice: { withinHours: 24 },
    reviewOn: '2026-12-01',
    thirdCountries: [],
    ...changes,
  };
}

/** The one in force between the two organizations of the decision's tests. */
export const inForce = (changes: Partial<Agreement> = {}): Agreement => {
  const { proposal: _, ...text } = complete();
  return { ...text, status: 'active', parties: [SENDER, RECIPIENT], ...changes };
};
