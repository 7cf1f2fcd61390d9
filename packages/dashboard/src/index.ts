export { type DashboardFile, type DashboardFiles, dashboardFiles } from "./dashboard-files.js";
