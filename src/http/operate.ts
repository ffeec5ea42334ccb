import { z } from 'zod';
import { openOperation } from './route.js';

const check = z.enum(['ok', 'failed']);
const readiness = z
  .strictObject({
    status: check,
    checks: z.strictObject({ database: check, queue: check, migrations: check }),
    deliveries: z
      .enum(['running', 'stopped'])
      .optional()
      .meta({ description: 'Stopped by an operator; requests are accepted.' }),
  })
  .meta({ id: 'Readiness' });

export const live = openOperation({
  group: 'operation',
  id: 'live',
  summary: { en: 'Is the process alive?', fr: 'Le processus vit-il ?' },
  responses: {
    200: {
      description: { en: 'Yes', fr: 'Oui' },
      schema: z.strictObject({ status: z.literal('ok') }),
      example: { status: 'ok' },
    },
  },
  handle: () => ({ status: 200, body: { status: 'ok' } }),
});

export const ready = openOperation({
  group: 'operation',
  id: 'ready',
  summary: { en: 'Can it take requests?', fr: 'Peut-il recevoir des requêtes ?' },
  responses: {
    200: {
      description: { en: 'Yes', fr: 'Oui' },
      schema: readiness,
      example: { status: 'ok', checks: { database: 'ok', queue: 'ok', migrations: 'ok' }, deliveries: 'running' },
    },
    503: {
      description: { en: 'Not now', fr: 'Pas maintenant' },
      schema: readiness,
      example: { status: 'failed', checks: { database: 'failed', queue: 'ok', migrations: 'failed' } },
    },
  },
  handle: async (_call, { story }) => {
    const { database, queue, migrations, deliveries } = await story.ready();
    const all = database && queue && migrations;
    const word = (ok: boolean): 'ok' | 'failed' => (ok ? 'ok' : 'failed');
    return {
      status: all ? 200 : 503,
      body: {
        status: word(all),
        checks: { database: word(database), queue: word(queue), migrations: word(migrations) },
        ...(deliveries !== undefined && { deliveries }),
      },
    };
  },
});

export const readMetrics = openOperation({
  group: 'operation',
  id: 'readMetrics',
  summary: { en: 'Figures for Prometheus', fr: 'Mesures pour Prometheus' },
  description: {
    en: 'For a process on this machine, or an operator. Counts and durations by route and code; nothing about persons.',
    fr: 'Pour un processus de cette machine, ou un exploitant. Comptes et durées par route et par code ; rien sur les personnes.',
  },
  responses: {
    200: {
      description: { en: 'Prometheus text format', fr: 'Format texte de Prometheus' },
      mediaType: 'text/plain; version=0.0.4; charset=utf-8',
    },
  },
  handle: async (_call, { metrics }) => ({ status: 200, body: await metrics.metrics() }),
});
