/** Continuous integration's second pass asks for more of everything that can be tried more often (RELAIS_PROPERTY_RUNS). */
export const isThorough = Number(process.env['RELAIS_PROPERTY_RUNS'] ?? 0) >= 1_000;
