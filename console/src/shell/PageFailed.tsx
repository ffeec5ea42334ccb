import type { ReactElement } from 'react';
import { useRouteError } from 'react-router';
import { Failure } from '../kit/Failure.js';

/** A page that broke, or a newer version of the console that replaced its files. */
export function PageFailed(): ReactElement {
  const error = useRouteError();
  return (
    <div className="page">
      <Failure error={error} onRetry={() => location.reload()} />
    </div>
  );
}
