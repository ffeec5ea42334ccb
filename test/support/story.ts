import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { consentResource } from '../../src/demo/consents.js';
import { startWorld, type RemotePartner, type World } from '../../src/demo/start-world.js';
import { CCAS, CONSEIL_DETTES, LES_TILLEULS, TOIT_COMMUN } from '../../src/demo/world.js';
import type { Organization } from '../../src/transfer/partner.js';

/** Valmont for tests: a gateway that is the real program, partners that are real programs, a database of its own. */
export async function openValmont(): Promise<Valmont> {
  const world = await startWorld({
    lang: 'en',
    databaseUrl: inject('adminUrl'),
    redisUrl: process.env['REDIS_URL'],
    // What is tested here is what happens at the doors of systems; guests have tests of their own.
    withoutSystem: [],
  });
  return new Valmont(world);
}

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: T;
}
export interface TransferView {
  readonly id: string;
  readonly reference: string;
  readonly status: string;
  readonly referralStatus: string | null;
  readonly attempts: number;
  readonly taskId: string;
  readonly digest: string;
  readonly withheldElements: number;
  readonly reasons: readonly { readonly code: string; readonly text: string }[];
  readonly timeline: readonly {
    readonly status: string;
    readonly reasons: readonly { readonly code: string }[];
    readonly cause?: { readonly code: string; readonly text: string };
    readonly message?: string;
  }[];
}
export interface Effects {
  readonly requests: number;
  readonly effects: readonly {
    readonly idempotencyKey: string;
    readonly digest: string;
    readonly deliveries: number;
    readonly signed: boolean;
    readonly taskId: string;
  }[];
}

export const GRACE_TEXT = readFileSync(new URL('../../config/demo/cases/grace-okafor.json', import.meta.url), 'utf8');

export class Valmont {
  readonly caseId = `VAL-${randomUUID().slice(0, 8)}`;
  personId = '';

  constructor(readonly world: World) {}

  partner({ id }: Organization): RemotePartner {
    return this.world.partners.get(id)!;
  }

  /** A request of the agency's software with its own token. */
  agency<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const options = { ...(body !== undefined && { body }), headers };
    return this.partner(CCAS).control<Answer<T>>('/call', [method, path, options]);
  }

  async storeGrace(): Promise<void> {
    const answer = await this.agency<{ personId: string }>('PUT', `/api/v1/cases/${this.caseId}`, GRACE_TEXT);
    if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    this.personId = answer.body.personId;
  }

  /**
   * Read out and confirmed where it replaces an earlier one.
   *
   * @returns the consent's id
   */
  async consent(
    recipient: Organization,
    purpose: 'HOUSING' | 'COC' | 'DEBTADVICE',
    labels: ('identity' | 'contact' | 'household' | 'housing' | 'income' | 'health')[],
  ): Promise<string> {
    const resource = consentResource({ type: 'permit', personId: this.personId, recipient, purpose, labels });
    type Stored = { id: string; issue?: readonly { diagnostics: string }[] };
    let answer = await this.agency<Stored>('POST', '/fhir/Consent', resource);
    if (answer.status === 409) {
      const url = 'https://relais.example/fhir/StructureDefinition/consent-supersedes';
      const extension = (answer.body.issue ?? []).map(({ diagnostics: reference }) => ({
        url,
        valueReference: { reference },
      }));
      answer = await this.agency<Stored>('POST', '/fhir/Consent', { ...resource, extension });
    }
    if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.id;
  }

  /** Grace's file and her yes to the three recipients of the story. */
  async prepare(): Promise<{ housing: string; health: string; debt: string }> {
    await this.storeGrace();
    return {
      housing: await this.consent(TOIT_COMMUN, 'HOUSING', ['identity', 'contact', 'household', 'housing', 'income']),
      health: await this.consent(LES_TILLEULS, 'COC', ['identity', 'contact', 'health']),
      debt: await this.consent(CONSEIL_DETTES, 'DEBTADVICE', ['identity', 'contact', 'income']),
    };
  }

  request(
    recipient: Organization,
    purpose: string,
    options: { key?: string; sendAfter?: string } = {},
  ): Promise<Answer<TransferView>> {
    const { key = randomUUID(), sendAfter } = options;
    const body = {
      caseId: this.caseId,
      recipientOrganizationId: recipient.id,
      purpose,
      ground: { kind: 'consent' },
      ...(sendAfter !== undefined && { sendAfter }),
    };
    return this.agency('POST', '/api/v1/transfers', body, { 'idempotency-key': key });
  }

  async look(id: string): Promise<TransferView> {
    return (await this.agency<TransferView>('GET', `/api/v1/transfers/${id}`)).body;
  }

  async until(id: string, done: (transfer: TransferView) => boolean, patienceMs = 25_000): Promise<TransferView> {
    const end = Date.now() + patienceMs;
    for (;;) {
      const transfer = await this.look(id);
      if (done(transfer)) return transfer;
      if (Date.now() > end)
        throw new Error(`${transfer.reference} is still ${transfer.status} after ${transfer.attempts} attempts`);
      await sleep(50);
    }
  }

  behave(recipient: Organization, behaviour: Record<string, unknown>): Promise<unknown> {
    return this.partner(recipient).control('/control', behaviour);
  }

  effects(recipient: Organization): Promise<Effects> {
    return this.partner(recipient).control<Effects>('/effects');
  }

  /** What arrived there under this transfer's key. */
  async effectsOf(recipient: Organization, transferId: string): Promise<Effects['effects']> {
    const { effects } = await this.effects(recipient);
    return effects.filter(({ idempotencyKey }) => idempotencyKey === transferId);
  }

  close(): Promise<void> {
    return this.world.stop();
  }
}
