import { onTestFinished } from 'vitest';
import { createDoor, type DoorOptions } from '../../../src/adapters/delivery/door.js';
import { createOutbound, type OutboundOptions } from '../../../src/adapters/delivery/outbound.js';
import type { DeliveryResult, Door } from '../../../src/transfer/door-ports.js';
import type { PartnerEndpoint } from '../../../src/transfer/partner.js';

export const RECORD = Buffer.from(JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: [] }));

export interface Knock {
  readonly mayWrite?: () => Promise<boolean>;
  readonly signal?: AbortSignal;
  readonly contentType?: 'application/fhir+json' | 'application/json';
  readonly endpoint?: Partial<PartnerEndpoint>;
  readonly body?: Buffer;
}

/** A door with a token source that counts; the tokens are `token-1`, `token-2`, … */
export function doorTo(
  url: string,
  options: Partial<DoorOptions> & Partial<OutboundOptions> = {},
): { door: Door; tokens: { asked: number; forgotten: number }; send: (knock?: Knock) => Promise<DeliveryResult> } {
  const tokens = { asked: 0, forgotten: 0 };
  const outbound = createOutbound({ allowPrivateEndpoints: true, ...options });
  onTestFinished(() => outbound.close());
  const door = createDoor({
    outbound,
    tokens: {
      tokenFor: async () => {
        tokens.asked += 1;
        return `token-${tokens.forgotten + 1}`;
      },
      forget: () => {
        tokens.forgotten += 1;
      },
    },
    deadlineMs: 3_000,
    ...options,
  });
  const send = ({ mayWrite, signal, contentType, endpoint, body }: Knock = {}): Promise<DeliveryResult> =>
    door.send(
      { url, tokenUrl: url, clientId: 'relais', scope: 'system/*.c', idempotency: 'key', ...endpoint },
      {
        body: body ?? RECORD,
        contentType: contentType ?? 'application/fhir+json',
        idempotencyKey: '5f3c8a52-4a6e-4f0e-9f0c-0d9a5c1f2b3d',
        requestId: '0b7e1d1e-2d0c-4f6d-8c55-3c8f7f1e9a10',
      },
      mayWrite ?? (async () => true),
      signal ?? new AbortController().signal,
    );
  return { door, tokens, send };
}
