import { Gauge, type Registry } from 'prom-client';
import type { DeliveryControl, DeliveryStatus } from '../transfer/delivery-control.js';

type Count = (status: DeliveryStatus) => number;
const sum =
  (of: (partner: DeliveryStatus['partners'][number]) => number): Count =>
  ({ partners }) =>
    partners.reduce((total, partner) => total + of(partner), 0);

/** Name, help, and how it is counted: over all partners, none of a partner or a person. */
const FIGURES: readonly (readonly [string, string, Count])[] = [
  ['relais_deliveries_waiting', 'Deliveries that are not over, those in flight among them', sum((p) => p.waiting)],
  ['relais_deliveries_in_flight', 'Deliveries handed out and not finished', sum((p) => p.inFlight)],
  [
    'relais_delivery_breakers_open',
    'Partners behind a breaker that is not closed',
    sum((p) => Number(p.breaker !== 'closed')),
  ],
  [
    'relais_delivery_partners_stopped',
    'Partners to which an operator stopped deliveries',
    sum((p) => Number(p.stoppedAt !== null)),
  ],
  [
    'relais_deliveries_stopped',
    '1 while an operator stopped all deliveries',
    ({ stoppedAt }) => Number(stoppedAt !== null),
  ],
];

/** Where deliveries stand, asked once each time that the figures are read. */
export function measureDeliveries(registry: Registry, deliveries: Pick<DeliveryControl, 'status'>): void {
  let asked: Promise<DeliveryStatus | null> | undefined;
  const ask = (): Promise<DeliveryStatus | null> => {
    if (asked === undefined) {
      // The process's own figures must be readable while the database is not.
      asked = deliveries.status().catch(() => null);
      void asked.then(() => (asked = undefined));
    }
    return asked;
  };
  for (const [name, help, count] of FIGURES) {
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const status = await ask();
        if (status === null) this.reset();
        else this.set(count(status));
      },
    });
  }
}
