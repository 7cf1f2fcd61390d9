#!/usr/bin/env node
import "../dist/bin/tasker-worker.js";
