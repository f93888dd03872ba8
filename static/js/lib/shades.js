/** Shades of the states from afar: out of all agencies of the registry, how many are known, or stand on a rung. */

/** Upper ends of the classes, as shares; the first class is "none", and has the land's colour. */
const CLASSES = { knowledge: [0, 0.05, 0.1, 0.2, 0.3, 1], rung: [0, 0.01, 0.02, 0.05, 0.1, 1] };

/** Return { known, all } of a state: agencies that any document bears on, or that stand on the rungs 1 to 5. */
export function shareOf(state, by) {
  const rungs = ["rung1", "rung2", "rung3", "rung4", "rung5"];
  const names = by === "rung" ? rungs : ["publishes", "listed", "documents"];
  return { known: names.reduce((sum, name) => sum + state[name], 0), all: state.all };
}

/** Return the class of a state, 0 to 5. */
export function classOf(state, by) {
  const { known, all } = shareOf(state, by);
  return CLASSES[by].findIndex((end) => known / (all || 1) <= end);
}
