import { createContext, useContext } from 'react';
import type { Caller } from '../api/views.js';

const Context = createContext<Caller | null>(null);
export const CallerProvider = Context.Provider;

/** Who is signed in; below SessionGate there is always somebody. */
export function useCaller(): Caller {
  const caller = useContext(Context);
  if (caller === null) throw new Error('Nobody is signed in');
  return caller;
}
