import { useEffect, useState } from 'react';

/** Whole seconds since something began, counted while it lasts: a long wait that moves is not a broken one. */
export function useSeconds(active: boolean): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (!active) return;
    setSeconds(0);
    const begin = Date.now();
    const timer = window.setInterval(() => setSeconds(Math.floor((Date.now() - begin) / 1000)), 1000);
    return () => window.clearInterval(timer);
  }, [active]);
  return seconds;
}
