/** An operator has not stopped everything. Asked at the hand-out, the claim and right before the first byte. */
export const NOT_STOPPED = `not exists (select from delivery_switch where stopped_at is not null)`;
