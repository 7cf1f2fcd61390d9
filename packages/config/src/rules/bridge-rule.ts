import { resolve } from "node:path";
import { type Tree, valueAt } from "../tree.js";
import type { Finding } from "./finding.js";

const bridgePath = ["worker", "bridge"] as const;

/** A heartbeat file at the socket's path would replace the socket, and no client could reach the worker. */
export function bridgeRule(tree: Tree): readonly Finding[] {
  const socket = valueAt(tree, [...bridgePath, "socket_path"]);
  const heartbeat = valueAt(tree, [...bridgePath, "heartbeat_file"]);
  if (
    typeof socket !== "string" ||
    typeof heartbeat !== "string" ||
    socket === "" ||
    heartbeat === ""
  )
    return [];
  if (resolve(socket) !== resolve(heartbeat)) return [];
  return [
    {
      path: [...bridgePath, "heartbeat_file"],
      message: "must not be the path of worker.bridge.socket_path: give the heartbeat its own file",
    },
  ];
}
