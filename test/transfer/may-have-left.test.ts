import { expect, it } from 'vitest';
import { mayHaveLeft } from '../../src/transfer/doubt.js';
import type { Transfer, TransferEvent } from '../../src/transfer/transfer.js';

const event = (status: string, cause?: string): TransferEvent =>
  ({ status, at: '', actor: {}, reasons: [], ...(cause !== undefined && { cause }) }) as unknown as TransferEvent;
const transfer = (status: string, ...timeline: TransferEvent[]): Pick<Transfer, 'status' | 'timeline'> =>
  ({ status, timeline }) as Pick<Transfer, 'status' | 'timeline'>;

it.each([
  ['asked for and stopped', false, transfer('stopped', event('queued'), event('stopped'))],
  ['never reached', false, transfer('failed', event('queued'), event('sending'), event('failed', 'unreachable'))],
  [
    'held back by the fence',
    false,
    transfer('stopped', event('sending'), event('queued', 'held-back'), event('stopped')),
  ],
  [
    'cut, then stopped',
    true,
    transfer('stopped', event('sending'), event('queued', 'connection-lost'), event('stopped')),
  ],
  [
    'a notice for a mail server that does not answer',
    false,
    transfer('stopped', event('sending'), event('queued', 'mail-unreachable'), event('stopped')),
  ],
  [
    'a notice that the mail server did not take',
    true,
    transfer('stopped', event('sending'), event('queued', 'mail-unavailable'), event('stopped')),
  ],
  ['refused by its reader', true, transfer('failed', event('sending'), event('failed', 'record-refused'))],
  ['left by a worker that vanished, then stopped', true, transfer('stopped', event('sending'), event('stopped'))],
  [
    'cut once and unreachable since',
    true,
    transfer(
      'failed',
      event('sending'),
      event('queued', 'connection-lost'),
      event('sending'),
      event('failed', 'unreachable'),
    ),
  ],
  ['delivered', true, transfer('delivered', event('sending'), event('delivered'))],
])('of a transfer that was %s, bytes may have left: %s', (_, left, one) => {
  expect(mayHaveLeft(one)).toBe(left);
});
