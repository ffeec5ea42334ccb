import { Counter, Histogram, type Registry } from 'prom-client';

export interface HttpMeasures {
  /** @param route path pattern of the table, or `unmatched`: labels never hold what a caller sent */
  readonly answered: (method: string, route: string, status: number, durationSeconds: number) => void;
  /** @param code stable error code */
  readonly refused: (code: string) => void;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT']);

/** Counters of the HTTP layer on the process's registry. Label sets are bounded by the route table and the codes. */
export function createHttpMeasures(registry: Registry): HttpMeasures {
  const requests = new Counter({
    name: 'relais_http_requests_total',
    help: 'HTTP requests answered',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'relais_http_request_duration_seconds',
    help: 'Time from the request line to the answer',
    labelNames: ['method', 'route'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const refusals = new Counter({
    name: 'relais_http_refusals_total',
    help: 'Requests refused, by error code',
    labelNames: ['code'],
    registers: [registry],
  });
  return {
    answered(method, route, status, durationSeconds) {
      const known = METHODS.has(method) ? method : 'other';
      requests.inc({ method: known, route, status });
      durations.observe({ method: known, route }, durationSeconds);
    },
    refused(code) {
      refusals.inc({ code });
    },
  };
}
