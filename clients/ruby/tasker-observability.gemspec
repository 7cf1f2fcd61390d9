# frozen_string_literal: true

Gem::Specification.new do |spec|
  spec.name = "tasker-observability"
  spec.version = "0.0.0"
  spec.summary = "Asks a Tasker worker how it is, over its Unix socket."
  spec.authors = ["The tasker-observability authors"]
  spec.license = "MIT"
  spec.required_ruby_version = ">= 3.0"
  spec.files = Dir["lib/**/*.rb", "README.md"]
  spec.add_dependency "dry-struct", ">= 1.4"
  spec.add_dependency "dry-types", ">= 1.2"
end
