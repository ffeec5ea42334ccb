import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { useRef } from 'react';
import { call } from '../api/call.js';
import { serverNowMs } from '../api/server-time.js';
import type { StoredCase } from '../api/views.js';
import { purposeSystem } from '../kit/label-name.js';
import { consentResource } from './consent-resource.js';
import { recordedDecider, type TypedDecider } from './decider.js';
import type { Evidence } from './evidence.js';
import type { RecipientOption } from './options-of.js';

interface Decided {
  readonly type: 'permit' | 'deny';
  readonly labels: readonly string[];
  readonly until: string | null;
  readonly evidence: Evidence | null;
  readonly supersedes: readonly string[];
  /** null: the person, and it was not to be asked. */
  readonly decider: TypedDecider | null;
}

/**
 * Records what the person said, then how it can be shown. A second try after a lost answer carries the same moment, so
 * the gateway knows it for the same decision and records it once.
 */
export function useRecordConsent({
  file,
  option,
  onRecorded,
}: {
  readonly file: StoredCase;
  readonly option: RecipientOption;
  readonly onRecorded: () => void;
}): UseMutationResult<void, Error, Decided> {
  const client = useQueryClient();
  const said = useRef({ of: '', at: '' });
  return useMutation({
    mutationFn: async (decided) => {
      const of = JSON.stringify([decided.type, decided.labels, decided.until, decided.supersedes, decided.decider]);
      if (said.current.of !== of) said.current = { of, at: new Date(serverNowMs()).toISOString() };
      const { id } = await call<{ id: string }>('POST', '/fhir/Consent', {
        body: consentResource({
          type: decided.type,
          personId: file.personId,
          recipientId: option.organization.id,
          purpose: { system: purposeSystem(option.purpose), code: option.purpose },
          labels: decided.labels,
          until: decided.until,
          supersedes: decided.supersedes,
          at: said.current.at,
          ...(decided.decider !== null && {
            decider: recordedDecider(decided.decider, decided.type, file.personId),
          }),
        }),
      });
      if (decided.evidence !== null) {
        await call('POST', `/api/v1/consents/${id}/evidence`, { body: decided.evidence });
      }
    },
    onSuccess: async () => {
      onRecorded();
      await client.invalidateQueries({ queryKey: ['consents', file.personId] });
    },
  });
}
