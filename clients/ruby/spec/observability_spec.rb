# frozen_string_literal: true

# Runs against a live worker that the environment names: TASKER_SOCKET offers everything, TASKER_READ_ONLY_SOCKET no
# writes, TASKER_HEALTH_ONLY_SOCKET nothing but basic health.
$LOAD_PATH.unshift(File.expand_path("../lib", __dir__))
require "tasker_core/observability"
require "tmpdir"

RSpec.describe TaskerCore::Observability do
  let(:charge) { { namespace: "payments", name: "charge", version: "1.0.0" } }
  let(:types) { TaskerCore::Observability::Types }

  def refusal
    yield
    nil
  rescue TaskerCore::Observability::Error => e
    e
  end

  after { described_class.socket_path = nil }

  context "with a worker" do
    before { described_class.socket_path = ENV.fetch("TASKER_SOCKET") }

    it "answers health as structs" do
      expect(described_class.health_basic).to be_a(types::BasicHealth).and have_attributes(status: "healthy", worker_id: "sample-1")
      expect(described_class.health_live.status).to eq("alive")
      ready = described_class.health_ready
      expect(ready).to be_a(types::DetailedHealth)
      expect(ready.checks["database"]).to be_a(types::HealthCheck).and have_attributes(status: "healthy", criticality: "required")
      expect(ready.system_info).to be_a(types::WorkerSystemInfo).and have_attributes(environment: "test", supported_namespaces: ["payments"])
      expect(described_class.health_detailed.checks).to include("circuit_breakers")
      expect([described_class.ready?, described_class.alive?]).to eq([true, true])
    end

    it "answers metrics as structs, text and JSON" do
      stats = described_class.event_stats
      expect(stats.router).to be_a(types::EventRouterStats).and have_attributes(total_routed: be_an(Integer))
      expect(stats.in_process_bus).to be_a(types::InProcessEventBusStats).and have_attributes(ffi_subscriber_count: 0)
      expect(described_class.prometheus_metrics).to include("tasker_worker_info")
      expect(JSON.parse(described_class.metrics_worker)["metrics"]).to include("tasker_worker_info")
    end

    it "answers templates as JSON, and what came of an operation as structs" do
      expect(JSON.parse(described_class.templates_list)["cache_stats"]).to be_nil
      expect(JSON.parse(described_class.templates_list(include_cache_stats: true))["cache_stats"]).to be_a(Hash)
      expect(JSON.parse(described_class.template_get(**charge))["template"]["name"]).to eq("charge")
      expect(described_class.template_validate(**charge)).to be_a(types::TemplateValidation).and have_attributes(valid: true)
      expect(described_class.template_refresh(**charge).success).to be(true)
      expect(described_class.template_refresh(**charge, name: "none").success).to be(false)
      expect(described_class.cache_stats).to be_a(types::CacheStats)
      expect(described_class.cache_clear).to be_a(types::CacheOperationResult).and have_attributes(operation: "clear", success: true)
    end

    it "answers the configuration, secrets masked" do
      config = described_class.config
      expect(config.metadata).to be_a(types::ConfigMetadata).and have_attributes(source: "runtime")
      expect(config.metadata.redacted_fields).to include("common.database.url")
      expect(described_class.environment).to eq("test")
    end

    it "gives structs that cannot be changed, however deep" do
      health = described_class.health_ready
      expect { health.status << "X" }.to raise_error(FrozenError)
      expect { health.attributes[:status] = "X" }.to raise_error(FrozenError)
      expect { health.checks.delete("database") }.to raise_error(FrozenError)
      expect { health.checks["database"].status << "X" }.to raise_error(FrozenError)
      expect { health.system_info.supported_namespaces << "evil" }.to raise_error(FrozenError)
      expect { described_class.config.worker["web"]["enabled"] = 1 }.to raise_error(FrozenError)
      expect([health, health.system_info, health.checks]).to all(be_frozen)
    end

    it "gives structs that patterns match" do
      described_class.health_ready => { status: "healthy", system_info: { environment: } }
      expect(environment).to eq("test")
      basic = described_class.health_basic
      expect(basic.attributes).to eq(status: "healthy", timestamp: basic.timestamp, worker_id: "sample-1")
    end

    it "raises a RuntimeError with a code" do
      error = refusal { described_class.template_get(**charge, name: "none") }
      expect(error).to be_a(RuntimeError).and have_attributes(code: "TEMPLATE_NOT_FOUND")
      expect(refusal { described_class.template_validate(**charge, namespace: 1) }.code).to eq("INVALID_PARAMS")
      expect(refusal { described_class.template_get(**charge, name: "\xff") }.code).to eq("INVALID_PARAMS")
      described_class.socket_path = ENV.fetch("TASKER_READ_ONLY_SOCKET")
      expect(refusal { described_class.cache_clear }.code).to eq("CACHE_OPERATIONS_DISABLED")
    end

    it "names the service that a worker was assembled without" do
      described_class.socket_path = ENV.fetch("TASKER_HEALTH_ONLY_SOCKET")
      expect(described_class.health_basic.status).to eq("healthy")
      expect(refusal { described_class.config }).to have_attributes(code: "SERVICE_NOT_INSTALLED", message: start_with("Web state not available"))
      expect([described_class.ready?, described_class.alive?]).to eq([false, false])
    end

    it "can be asked by threads at once" do
      expect(Array.new(20) { Thread.new { described_class.health_basic.status } }.map(&:value).uniq).to eq(["healthy"])
    end
  end

  context "without a worker" do
    it "is neither ready nor alive, and says so" do
      ["/nonexistent/worker.sock", "", nil, "x" * 200].each do |path|
        described_class.socket_path = path
        expect([described_class.ready?, described_class.alive?]).to eq([false, false])
        expect(refusal { described_class.health_basic }).to have_attributes(code: "WORKER_NOT_RUNNING", message: "Worker system not running")
      end
    end

    it "connects anew once a worker is there, and takes nothing else for one" do
      Dir.mktmpdir do |folder|
        path = File.join(folder, "odd.sock")
        server = UNIXServer.new(path)
        described_class.socket_path = path
        ["rubbish\n", "[]\n", nil, %({"jsonrpc":"2.0","id":4,"result":"test"}\n)].each do |reply|
          Thread.new do
            client = server.accept
            client.gets
            reply.nil? ? client.close : client.write(reply)
          end
          reply&.include?("test") ? expect(described_class.environment).to(eq("test")) : expect(refusal { described_class.environment }.code).to(eq("WORKER_NOT_RUNNING"))
        end
      end
    end
  end
end
