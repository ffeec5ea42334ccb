import type { Encounter, Observation, Patient } from 'fhir/r4.js';
import { expect, it } from 'vitest';
import { decide } from '../../src/domain/decision/decide.js';
import { newId, type TaskId, type TransferId } from '../../src/kernel/ids.js';
import { createPairwiseIds } from '../../src/kernel/pairwise.js';
import { pinBundle } from '../../src/transfer/pin-bundle.js';
import type { Redacted } from '../../src/transfer/steps.js';
import { request, terms } from '../support/terms.js';

const decision = decide(terms(), request());
const frame = { publicUrl: 'https://relais.test', pairwiseId: createPairwiseIds(Buffer.alloc(32)) };
const [PATIENT, ENCOUNTER] = [newId<string>(), newId<string>()];
const facts = {
  transferId: newId<TransferId>(),
  taskId: newId<TaskId>(),
  answerExpectedBy: null,
  at: terms().at,
};

it('points by fullUrl to what is in the bundle, and leaves every other reference, frozen ones too, as it is', () => {
  if (decision.outcome !== 'permit') throw new Error('The default terms permit.');
  const patient: Patient = { resourceType: 'Patient', id: PATIENT };
  const contained: Observation = {
    resourceType: 'Observation',
    id: 'within',
    status: 'final',
    code: { text: 'Planned' },
    // What a map always says is one frozen object for all bundles.
    encounter: Object.freeze({ reference: '#' }),
    performer: [{ reference: 'https://elsewhere.test/fhir/Practitioner/1' }],
  };
  const encounter: Encounter = {
    resourceType: 'Encounter',
    id: ENCOUNTER,
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: `Patient/${PATIENT}` },
    contained: [contained],
    reasonReference: [{ reference: '#within' }],
  };
  const redacted = {
    permit: decision.permit,
    resources: [patient, encounter],
    account: { kept: [], withheld: [] },
  } as unknown as Redacted;
  const { wire } = pinBundle(frame, redacted, facts, { id: 'sender', hidden: null });
  const bundle = JSON.parse(wire.toString('utf8')) as { entry: { fullUrl: string; resource: Encounter }[] };
  const sent = bundle.entry[1]!.resource;
  expect(sent.subject).toEqual({ reference: `urn:uuid:${PATIENT}` });
  expect(bundle.entry[0]!.fullUrl).toBe(`urn:uuid:${PATIENT}`);
  expect(sent.contained).toEqual([contained]);
  expect(sent.reasonReference).toEqual([{ reference: '#within' }]);
});
