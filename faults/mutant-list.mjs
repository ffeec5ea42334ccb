// The safeguards of a delivery, and the texts of the build whose change takes one out. What stays at 0 without its
// safeguard was never measured.

const DELIVER = 'transfer/deliver-transfer.js';
const INTENT = 'await tx.audit({ ...intent, requestId });';
const SAME_INTENT = `await tx.audit(fact(claim, sending, 'disclosure.intent', 'success', { attempt: claim.attempt }));`;
const CLAIM = 'adapters/store/dispatch/claim.js';
const IN_TRANSACTION = 'adapters/store/connection/in-organization.js';
const CLAIM_LEASE = `
     and (lease_until is null or lease_until <= clock_timestamp()) and \${PARTNER_NOT_STOPPED}\`;
const SET`;

/**
 * `counter` is the one that must rise, `kinds` the faults that show it, `patches` exact texts of the build, each of which
 * must be there once.
 */
export const MUTANTS = [
  {
    name: 'no-fence-before-the-write',
    without: 'the fence asked right before the first byte',
    counter: 'unconsented',
    kinds: ['withdrawn-while-worker-stopped-at-intent'],
    patches: [['adapters/delivery/door.js', 'return await mayWrite();', 'return true;']],
  },
  {
    name: 'an-old-yes-counts',
    without: 'the age of the answer about the fence',
    counter: 'unconsented',
    kinds: ['withdrawn-while-worker-stopped-before-write'],
    patches: [[CLAIM, 'performance.now() - askedAtMs < leftMs', 'true']],
  },
  {
    name: 'lease-not-checked-at-claim',
    without: 'the lease in the condition of the claim',
    counter: 'unconsented',
    kinds: ['withdrawn-before-write'],
    patches: [[CLAIM, CLAIM_LEASE, '\n     and ${PARTNER_NOT_STOPPED}`;\nconst SET']],
  },
  {
    name: 'decided-once',
    without: 'the second decision, at delivery',
    counter: 'unconsented',
    kinds: ['withdrawn-after-worker-killed-at-intent', 'agreement-suspended-between-attempts'],
    patches: [
      [
        DELIVER,
        `if (decision.outcome === 'deny') {`,
        `if (decision.outcome === 'deny') {\n        const signature = await sign(sending.wire);\n        await tx.markSending(claim, signature);\n        ${SAME_INTENT}\n        return { ...sending, signature };`,
      ],
    ],
  },
  {
    name: 'shrunk-permission-ignored',
    without: 'the check that nothing of what was approved is withheld by now',
    counter: 'unconsented',
    kinds: ['record-relabelled'],
    patches: [[DELIVER, 'if (difference.length > 0) {', 'if (false) {']],
  },
  {
    name: 'withdrawal-does-not-wait',
    without: 'the wait for live deliveries before a withdrawal is acknowledged',
    counter: 'unconsented',
    kinds: ['withdrawn-before-write'],
    patches: [
      ['transfer/withdraw-consent.js', 'while (inFlight.size > 0) {', 'while (false) {'],
      ['transfer/withdraw-consent.js', 'await awaitLiveDeliveries(', 'void (() => undefined)('],
    ],
  },
  {
    name: 'no-key-for-the-partner',
    without: 'the Idempotency-Key sent to the partner',
    counter: 'duplicated',
    kinds: ['partner-processed-then-reset'],
    patches: [['adapters/delivery/door.js', `'idempotency-key': message.idempotencyKey,`, '']],
  },
  {
    name: 'key-of-the-caller-ignored',
    without: 'the reservation of the caller’s Idempotency-Key',
    counter: 'duplicated',
    kinds: ['hundred-at-once-one-key'],
    patches: [['adapters/store/transfers/reserve-idempotency-key.js', 'reserved.has(transferId)', 'true']],
  },
  {
    name: 'no-intent',
    without: 'the audit intent',
    counter: 'unaudited',
    kinds: ['partner-slow'],
    patches: [[DELIVER, INTENT, '']],
  },
  {
    name: 'intent-after-the-bytes',
    without: 'the order of intent and bytes (it is written with the receipt)',
    counter: 'unaudited',
    kinds: ['partner-slow'],
    patches: [
      [DELIVER, INTENT, ''],
      [DELIVER, 'switch (result.kind) {', `${SAME_INTENT}\n    switch (result.kind) {`],
    ],
  },
  {
    name: 'acknowledged-before-the-commit',
    without: 'the wait for COMMIT before the answer',
    counter: 'lost',
    kinds: ['gateway-killed-before-commit'],
    patches: [
      [
        IN_TRANSACTION,
        'const client = await pool.connect();',
        'const client = await pool.connect();\n    let answered = false;',
      ],
      [
        IN_TRANSACTION,
        `const end = await client.query('commit');`,
        `const end = { command: 'COMMIT' };
        answered = true;
        client.query('commit').catch(() => undefined).finally(() => client.release());`,
      ],
      [IN_TRANSACTION, 'client.release(broken === undefined', 'if (!answered) client.release(broken === undefined'],
    ],
  },
  {
    name: 'outbox-row-after-the-commit',
    without: 'the outbox row in the transaction of the transfer',
    counter: 'lost',
    kinds: ['gateway-killed-after-commit'],
    patches: [
      [
        'adapters/store/transfers/insert-transfer.js',
        'greatest(now(), send_after), greatest(now(), send_after) from asked',
        'greatest(now(), send_after), greatest(now(), send_after) from asked where false',
      ],
      [
        'adapters/store/transfers/insert-transfer.js',
        'return ids.map((id) => references.get(id));',
        `const before = tx.client.afterwards;
    tx.client.afterwards = async () => {
        await before?.();
        await tx.client.query("begin; select set_config('relais.organization', '" + tx.organizationId + "', true)");
        const text = 'insert into outbox (transfer_id, organization_id, recipient_organization_id, partner_id, person_id, consent_ids, due_at, next_attempt_at) values ($1, $2, $3, $7, $4, $5, greatest(now(), $6), greatest(now(), $6))';
        for (const [n, row] of rows.entries())
            await tx.client.query(text, [ids[n], tx.organizationId, row.recipient, row.person_id, row.consents, row.send_after, row.partner]);
        await tx.client.query('commit');
    };
    return ids.map((id) => references.get(id));`,
      ],
      [
        IN_TRANSACTION,
        `const end = await client.query('commit');`,
        `const end = await client.query('commit');\n        await inOrder.afterwards?.();\n        inOrder.afterwards = undefined;`,
      ],
    ],
  },
  {
    name: 'no-reconciler',
    without: 'the reconciler',
    counter: 'lost',
    kinds: ['worker-killed-at-claim', 'redis-flushed'],
    patches: [['adapters/queue/reconcile.js', '    again();\n    return {', '    return {']],
  },
  {
    name: 'any-success-is-a-receipt',
    without: 'the check that a success is a confirmation',
    counter: 'lost',
    kinds: ['partner-answers-a-page'],
    patches: [
      [
        'adapters/delivery/judge-answer.js',
        `if (json === null)\n        return retry('answer-not-understood', undefined);`,
        'if (json === null)\n        return receipt(null);',
      ],
    ],
  },
];
