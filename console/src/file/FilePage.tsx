import type { ReactElement } from 'react';
export function FilePage(): ReactElement {
  return <></>;
}
