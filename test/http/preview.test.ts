import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/domain/decision/decide.js';
import { explainElements } from '../../src/domain/decision/explain-elements.js';
import { instant } from '../../src/kernel/clock.js';
import { readJson, writeJson } from '../../src/kernel/json.js';
import type { PreviewResult } from '../../src/transfer/preview-transfer.js';
import { request, terms } from '../support/terms.js';
import { api, startHttp } from '../support/http.js';
import { EXAMPLE } from '../../src/http/schemas/parts.js';

const decision = decide(terms(), request());
if (decision.outcome === 'deny') throw new Error('The world of the tests permits');
const { permit, reasons } = decision;
const wire =
  '{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Basic","extension":[{"valueDecimal":0.10}]}}]}';
const result = {
  outcome: 'permit',
  permit,
  reasons,
  disclosable: { bundle: readJson(wire), digest: createHash('sha256').update(wire).digest('hex') },
  elements: explainElements(permit, { kept: [], withheld: [] }),
  expiresAt: instant('2026-02-10T11:00:00Z'),
} as unknown as PreviewResult;

describe('a preview over HTTP', () => {
  it('holds the bundle byte for byte as it would leave, decimals as written', async () => {
    const story = { previewTransfer: async () => result, listOrganizations: async () => [] };
    const { server } = startHttp({ story });
    const answer = await api(server, 'partner')
      .post('/api/v1/transfers/preview')
      .send({
        caseId: 'c',
        recipientOrganizationId: EXAMPLE.recipient,
        purpose: 'HOUSING',
        ground: { kind: 'consent' },
      })
      .expect(200);
    expect(answer.text).toContain(`"bundle":${wire}`);
    expect(answer.body.digest).toBe(
      createHash('sha256')
        .update(writeJson(readJson(wire)))
        .digest('hex'),
    );
  });
});
