import type { Agreement } from './agreement.js';

/**
 * Everything that a text lets happen: who may send which label to whom, for which purpose, on which ground; what may leave
 * in an emergency; whom one may disclose on to. One text is wider than another when its reach has what the other's has not.
 */
export function reachOf(agreement: Agreement): ReadonlySet<string> {
  const reach = new Set<string>();
  for (const { purpose, senders, recipients, categories, sensitivities, secrecyGrounds } of agreement.purposes) {
    const { emergency } = agreement;
    for (const sender of senders.filter((id) => agreement.parties.includes(id))) {
      for (const recipient of recipients.filter((id) => agreement.parties.includes(id))) {
        for (const label of [...categories, ...sensitivities]) {
          for (const ground of secrecyGrounds) reach.add([purpose, sender, recipient, label, ground].join(' '));
        }
        if (emergency?.allowed !== true) continue;
        for (const label of emergency.categories.filter((category) => categories.includes(category)))
          reach.add([purpose, sender, recipient, label, 'break-glass'].join(' '));
      }
    }
  }
  return reach;
}

/** Does `after` let nothing happen that `before` does not? */
export function isWithin(after: Agreement, before: Agreement): boolean {
  const reach = reachOf(before);
  return [...reachOf(after)].every((one) => reach.has(one));
}
