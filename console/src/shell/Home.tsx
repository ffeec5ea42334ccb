import type { ReactElement } from 'react';
import { Redirect } from '../router.js';
import { WorklistPage } from '../worklist/WorklistPage.js';
import { useCaller } from './caller.js';
import { homeOf } from './navigation.js';

/** No dashboard in the way: each role lands where its work is. */
export function Home(): ReactElement {
  const { roles } = useCaller();
  return roles.includes('caseworker') ? <WorklistPage /> : <Redirect to={homeOf(roles)} replace />;
}
