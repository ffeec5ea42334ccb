import { useEffect, useRef } from 'react';

const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'scroll', 'touchstart'] as const;

/** Calls back when nobody has touched the page for that long. */
export function useIdle(afterMs: number, onIdle: () => void, active: boolean): void {
  const latest = useRef(onIdle);
  useEffect(() => {
    latest.current = onIdle;
  }, [onIdle]);
  useEffect(() => {
    if (!active) return;
    let last = Date.now();
    const seen = (): void => {
      last = Date.now();
    };
    for (const sign of SIGNS) window.addEventListener(sign, seen, { passive: true, capture: true });
    // Looked at, not waited for: a laptop that slept is covered as soon as it wakes.
    const timer = window.setInterval(() => {
      if (Date.now() - last >= afterMs) latest.current();
    }, 5_000);
    return () => {
      window.clearInterval(timer);
      for (const sign of SIGNS) window.removeEventListener(sign, seen, { capture: true });
    };
  }, [active, afterMs]);
}
