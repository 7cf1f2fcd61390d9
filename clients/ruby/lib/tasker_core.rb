# frozen_string_literal: true

# The name by which scripts written for Tasker's own gem require it. Of that gem, this client has the observability.
require "tasker_core/observability"
