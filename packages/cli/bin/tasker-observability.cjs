#!/usr/bin/env node
require("../dist/bin/tasker-observability.cjs");
