export { databaseLibraries, openPglite } from "./database-libraries.js";
