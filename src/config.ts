import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { RelaisError } from './kernel/errors.js';

/**
 * The configuration: one schema, read once from the environment, frozen, passed in. Secrets come as `NAME` or, better,
 * as a file named by `NAME_FILE`.
 */
const schema = z.object({
  /** `demo` has a development issuer and synthetic people; anything else is production. */
  mode: z.enum(['demo', 'production']),
  host: z.string().default('127.0.0.1'),
  port: z.coerce.number().int().min(0).max(65535).default(8080),
  /** Public base URL: issuer and audience of tokens, links. */
  publicUrl: z.url().optional(),
  /** Runtime login, a member of the relais_* roles; absent: embedded PostgreSQL (demo and local command line only). */
  databaseUrl: z.string().optional(),
  /** Login that owns the tables, for `relais migrate`. */
  databaseOwnerUrl: z.string().optional(),
  /** Absent: BullMQ keeps its queue in PostgreSQL. */
  redisUrl: z.string().optional(),
  /** 32 bytes, base64: wraps every data key. */
  masterKey: z.string().optional(),
  stateDir: z.string().optional(),
  staffIssuer: z.url().optional(),
  staffClientId: z.string().optional(),
  staffClientSecret: z.string().optional(),
  /** Claims of the staff issuer that carry roles and organization. */
  staffRolesClaim: z.string().default('relais_roles'),
  staffOrganizationClaim: z.string().default('relais_organization'),
  /** A session of staff ends so long after its last request … */
  sessionIdleMinutes: z.coerce.number().int().min(1).max(720).default(30),
  /** … and so long after the sign-in in any case. */
  sessionHours: z.coerce.number().int().min(1).max(24).default(12),
  /** Partner endpoints on loopback or private addresses; never in production. */
  allowPrivateEndpoints: z.stringbool().default(false),
  /** Longest wait before the second attempt of a delivery; later ones double it (full jitter). */
  retryBaseMs: z.coerce.number().int().min(10).max(60_000).default(1_000),
  /** How long a worker may hold a delivery before another one takes it over. Everything that one attempt does ends before. */
  leaseMs: z.coerce.number().int().min(2_000).max(120_000).default(22_000),
  /** Keeps several gateways apart on one Redis. */
  queuePrefix: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .default('relais'),
  deliveryConcurrency: z.coerce.number().int().min(1).max(256).default(32),
  /** Files that a member of staff may open within an hour without a tie to them; one more tells the data-protection officer. */
  filesPerHour: z.coerce.number().int().min(1).max(10_000).default(100),
  /** Searches for persons within an hour, of a member of staff or of a software. */
  searchesPerHour: z.coerce.number().int().min(1).max(100_000).default(300),
  /** The person's report names the organization's own staff; otherwise they appear by role. */
  reportNamesStaff: z.stringbool().default(false),
  /** Mail server for notices to recipients without a system: `smtps://user:password@host:465`, or `smtp://` with STARTTLS. */
  smtpUrl: z.url({ protocol: /^smtps?$/ }).optional(),
  /** Sender of these notices. */
  mailFrom: z.email().optional(),
  /** A recipient that has not answered is reminded so many days after the delivery, where no date was set … */
  reminderAfterDays: z.coerce.number().int().min(1).max(90).default(7),
  /** … then once in so many days … */
  reminderEveryDays: z.coerce.number().int().min(1).max(90).default(7),
  /** … and so many times in all; 0: never by itself. */
  remindersMost: z.coerce.number().int().min(0).max(10).default(3),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export type Config = Readonly<z.infer<typeof schema>>;

/** Values that must never protect real records: they are published in this repository or in its documentation. */
const WELL_KNOWN_SECRETS = new Set([
  '',
  'changeme',
  'secret',
  'password',
  'demo',
  'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
]);

const VARIABLES: Readonly<Record<keyof Config, string>> = {
  mode: 'RELAIS_MODE',
  host: 'RELAIS_HOST',
  port: 'RELAIS_PORT',
  publicUrl: 'RELAIS_PUBLIC_URL',
  databaseUrl: 'DATABASE_URL',
  databaseOwnerUrl: 'DATABASE_OWNER_URL',
  redisUrl: 'REDIS_URL',
  masterKey: 'RELAIS_MASTER_KEY',
  stateDir: 'RELAIS_STATE_DIR',
  staffIssuer: 'RELAIS_STAFF_ISSUER',
  staffClientId: 'RELAIS_STAFF_CLIENT_ID',
  staffClientSecret: 'RELAIS_STAFF_CLIENT_SECRET',
  staffRolesClaim: 'RELAIS_STAFF_ROLES_CLAIM',
  staffOrganizationClaim: 'RELAIS_STAFF_ORGANIZATION_CLAIM',
  sessionIdleMinutes: 'RELAIS_SESSION_IDLE_MINUTES',
  sessionHours: 'RELAIS_SESSION_HOURS',
  allowPrivateEndpoints: 'RELAIS_ALLOW_PRIVATE_ENDPOINTS',
  retryBaseMs: 'RELAIS_RETRY_BASE_MS',
  leaseMs: 'RELAIS_LEASE_MS',
  queuePrefix: 'RELAIS_QUEUE_PREFIX',
  deliveryConcurrency: 'RELAIS_DELIVERY_CONCURRENCY',
  filesPerHour: 'RELAIS_FILES_PER_HOUR',
  searchesPerHour: 'RELAIS_SEARCHES_PER_HOUR',
  reportNamesStaff: 'RELAIS_REPORT_NAMES_STAFF',
  smtpUrl: 'RELAIS_SMTP_URL',
  mailFrom: 'RELAIS_MAIL_FROM',
  reminderAfterDays: 'RELAIS_REMINDER_AFTER_DAYS',
  reminderEveryDays: 'RELAIS_REMINDER_EVERY_DAYS',
  remindersMost: 'RELAIS_REMINDERS_MOST',
  logLevel: 'RELAIS_LOG_LEVEL',
};

/**
 * @param environment usually `process.env`
 * @throws RelaisError `config.invalid` naming the variables that are wrong, never their values
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const raw: Record<string, string> = {};
  for (const [key, variable] of Object.entries(VARIABLES)) {
    const file = environment[`${variable}_FILE`];
    const value = file === undefined ? environment[variable] : readFileSync(file, 'utf8').trim();
    if (value !== undefined && value !== '') raw[key] = value;
  }
  raw['mode'] = environment['RELAIS_MODE'] === 'demo' ? 'demo' : 'production';
  const parsed = schema
    .refine(({ smtpUrl, mailFrom }) => smtpUrl === undefined || mailFrom !== undefined, { path: ['mailFrom'] })
    .safeParse(raw);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map((issue) => VARIABLES[issue.path[0] as keyof Config]))];
    throw invalid(`These settings are not valid: ${names.join(', ')}.`);
  }
  return Object.freeze(parsed.data);
}

/**
 * What a gateway in production must have before it serves (threat 36).
 *
 * @throws RelaisError `config.invalid`
 */
export function requireProductionSecrets(config: Config): void {
  if (config.mode !== 'production') return;
  const missing = (['databaseUrl', 'masterKey', 'publicUrl', 'staffIssuer', 'staffClientId'] as const).filter(
    (key) => config[key] === undefined,
  );
  if (missing.length > 0) throw invalid(`Production needs ${missing.map((key) => VARIABLES[key]).join(', ')}.`);
  for (const key of ['masterKey', 'staffClientSecret'] as const) {
    const value = config[key];
    if (value !== undefined && WELL_KNOWN_SECRETS.has(value)) throw invalid(`${VARIABLES[key]} is a published value.`);
  }
  if (Buffer.from(config.masterKey ?? '', 'base64').length !== 32)
    throw invalid('RELAIS_MASTER_KEY must be 32 bytes in base64.');
  if (config.allowPrivateEndpoints) throw invalid('RELAIS_ALLOW_PRIVATE_ENDPOINTS is for demo mode only.');
  if (!config.publicUrl?.startsWith('https://')) throw invalid('RELAIS_PUBLIC_URL must be https in production.');
}

function invalid(message: string): RelaisError {
  return new RelaisError('config.invalid', 500, 'exception', message);
}
