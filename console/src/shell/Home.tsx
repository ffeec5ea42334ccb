import type { ReactElement } from 'react';
import { Navigate } from 'react-router';
import { WorklistPage } from '../worklist/WorklistPage.js';
import { useCaller } from './caller.js';
import { homeOf } from './navigation.js';

/** No dashboard in the way: each role lands where its work is. */
export function Home(): ReactElement {
  const { roles } = useCaller();
  return roles.includes('caseworker') ? <WorklistPage /> : <Navigate to={homeOf(roles)} replace />;
}
