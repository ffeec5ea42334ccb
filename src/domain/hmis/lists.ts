/**
 * The code lists of the HMIS Data Standards that the CSV format uses, by the number that HUD gives them
 * (HMIS CSV Format Specifications FY2026, appendix B; FY2024 where a list ended with it). Codes only: the words are
 * HUD's. A space-separated line is a list; `a-b` is a range.
 */
const LISTS = {
  '1.1': '1 3 4',
  '1.2': '1-3',
  '1.3': '5-10',
  '1.4': '141-144 151 152 161 200 210 300',
  '1.5': '1-4',
  '1.6': '8 9 99',
  '1.7': '0 1 99',
  '1.8': '0 1 8 9 99',
  '1.9': '1-4',
  '1.10': '0 1',
  '2.02.6': '0-4 6-14',
  '2.02.7': '1 3 4',
  '2.02.8': '0-2',
  '2.02.A': '1 2',
  '2.02.D': '1-3',
  '2.03.4': '1-3 99',
  '2.06.1': '1-11 13-27 30 32-48 50-56',
  '2.07.4': '1 3 4',
  '2.07.5': '1-3',
  '2.07.6': '1-3',
  '2.08.1': '0-2',
  '3.01.5': '1 2 8 9 99',
  '3.02.2': '1 2 8 9 99',
  '3.03.2': '1 2 8 9 99',
  /** Living situations: FY2024 split each code by kind (1xx homeless, 2xx institution, 3xx temporary, 4xx permanent). */
  '3.12.1': '8 9 17 24 30 37 99 101 116 118 204-207 215 225 302 312-314 327 329 332 335 336 410 411 421-423 426 435',
  '3.12.A': '419 420 428 431 433 434 436-440',
  '3.15.1': '1-5 99',
  '3.917.2': '2-5 8-11 99',
  '3.917.4': '1-4 8 9 99',
  '3.917.5': '8 9 99 101-113',
  '4.04.A': '1-4 8 9 99',
  '4.10.2': '0-3 8 9 99',
  '4.11.A': '1-4 8 9 99',
  '4.19.3': '1-3',
  '4.19.4': '1 2',
  '4.19.7': '1 2',
  '4.20.2': '1-18',
  '4.20.D': '1-3',
  '4.21': '0 1 8 9 99',
  '5.03.1': '1-3 5 6',
  'C3.2': '0-2 8 9 99',
  'C3.A': '0-9 99',
  'C3.B': '0-4 8 9 99',
  'P2.A': '1-3',
  'P3.A': '1-3',
  'R1.1': '1 2 7-9 11 18 28 30 34 35 37-39 99',
  'R2.A': '1-4 99',
  'R3.1': '1-6 8 9 99',
  'R4.1': '1-14 99',
  'R5.1': '1-9 99',
  'R6.A': '1-3 99',
  'R6.B': '1-3 99',
  'R7.1': '1-5 8 9 99',
  'R11.A': '1-3 99',
  'R15.B': '1-4 8 9 99',
  'R17.1': '1-3',
  'R17.A': '1-6',
  'R19.A': '0-2',
  'R20.2': '0 1 9',
  'V1.11': '1-4 6-9 99',
  'V1.12': '1 2 4-9 99',
  'V4.1': '1-4 99',
  'V7.A': '0-3 99',
  'V7.B': '0-3 99',
  'V7.C': '0-2 99',
  'V7.G': '0-2 99',
  'V7.I': '0-2 99',
  'V7.O': '0-2 99',
  'V9.1': '1-13',
  'W3.C': '1-4 8 9 99',
  'W4.A': '0-2 8 9 99',
  'W4.B': '1-3',
  'W5.1': '1-10 99',
  'W5.A': '1-4 11 12 99',
} as const;

export type ListName = keyof typeof LISTS;

function expand(line: string): ReadonlySet<string> {
  const codes = new Set<string>();
  for (const part of line.split(' ')) {
    const [from, to = from] = part.split('-').map(Number) as [number, number?];
    for (let code = from; code <= to; code++) codes.add(String(code));
  }
  return codes;
}

export const CODE_LISTS: ReadonlyMap<ListName, ReadonlySet<string>> = new Map(
  (Object.entries(LISTS) as [ListName, string][]).map(([name, line]) => [name, expand(line)]),
);

export function isListName(name: string): name is ListName {
  return CODE_LISTS.has(name as ListName);
}
