import type { ReactElement } from 'react';
import { WorklistPage } from '../worklist/WorklistPage.js';

/** No dashboard in the way: each role lands where its work is. */
export function Home(): ReactElement {
  return <WorklistPage />;
}
