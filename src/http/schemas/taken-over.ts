import { z } from 'zod';
import { at } from './parts.js';

const onward = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('forbidden') }),
    z.strictObject({ kind: z.literal('consented') }),
    z.strictObject({ kind: z.literal('listed'), recipients: z.array(z.string()) }),
  ])
  .meta({ description: 'What the agreement of then lets pass on; every decision about this case looks at it.' });

/** What holds for a case that was taken over. */
export const takenOverTerms = {
  onward,
  keepUntil: at.nullable().meta({ description: 'By the agreement, from the receipt on.' }),
  keepThen: z.enum(['return', 'delete']).nullable(),
  leftOut: z.int().meta({ description: 'Items that cannot stand in a file, because something of them was not sent.' }),
};

export const takenOverView = z
  .strictObject({
    transferId: z.string(),
    caseId: z.string(),
    from: z.string().meta({ description: 'Organization that sent it, as you may call it.' }),
    reference: z.string(),
    receivedAt: at,
    takenAt: at,
    ...takenOverTerms,
  })
  .meta({ id: 'TakenOver', description: 'Where a case comes from that was taken over.' });

export const takenOverExample: z.infer<typeof takenOverView> = {
  transferId: '6f1c2a9e-5d6f-4b7a-9c3e-2f4a8b1d0c57',
  caseId: 'R-0142-6f1c2a9e',
  from: '5a1d0000-0000-4000-8000-000000000001',
  reference: 'R-0142',
  receivedAt: '2026-02-09T10:15:02.418Z',
  takenAt: '2026-02-10T08:30:00.000Z',
  onward: { kind: 'consented' },
  keepUntil: '2027-02-09T10:15:02.418Z',
  keepThen: 'delete',
  leftOut: 0,
};
