export {
  createFleetReporter,
  type FleetReporter,
  type FleetReporterOptions,
  type ReadinessSource,
} from "./fleet-reporter.js";
export {
  createFleetStore,
  type FleetReport,
  type FleetStore,
  type FleetStoreOptions,
} from "./fleet-store.js";
export { joinFleet, type FleetMembership, type JoinFleetOptions } from "./join-fleet.js";
