import { createPresenter, type Presenter } from '../../transfer/present-reasons.js';
import type { Principal } from '../../transfer/principal.js';
import type { Story } from '../story.js';

/** How long a new name may be unknown in the words of a reason. */
const KNOWN_MS = 5_000;

const known = new WeakMap<Story, { readonly untilMs: number; readonly presenter: Promise<Presenter> }>();

/**
 * Says reasons with the names of organizations, which are the same for whoever asks: the directory is read every few
 * seconds, not for every answer. Nothing is decided by it.
 */
export function presenterOf(story: Story, principal: Principal): Promise<Presenter> {
  const held = known.get(story);
  if (held !== undefined && performance.now() < held.untilMs) return held.presenter;
  const presenter = story.listOrganizations(principal).then(createPresenter);
  known.set(story, { untilMs: performance.now() + KNOWN_MS, presenter });
  // A directory that could not be read is asked again at once.
  presenter.catch(() => known.delete(story));
  return presenter;
}
