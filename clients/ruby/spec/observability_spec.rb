# frozen_string_literal: true

# Runs against a live worker that the environment names: TASKER_SOCKET offers everything, TASKER_READ_ONLY_SOCKET no
# writes, TASKER_HEALTH_ONLY_SOCKET nothing but basic health, TASKER_OWN_SOCKET an application's own operations.
$LOAD_PATH.unshift(File.expand_path("../lib", __dir__))
require "tasker_core/observability"
require "English"
require "pathname"
require "rbconfig"
require "timeout"
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

  # Forks; the child ends without RSpec's own ending.
  def in_child
    fork do
      exit!(Timeout.timeout(30) { yield } ? 0 : 1)
    rescue Exception # rubocop:disable Lint/RescueException
      exit!(2)
    end
  end

  def succeeded?(child)
    Process.wait2(child).last.success?
  end

  around { |example| Timeout.timeout(60) { example.run } }

  after { described_class.socket_path = nil }

  context "with operations of an application" do
    before { described_class.socket_path = ENV.fetch("TASKER_OWN_SOCKET") }

    it "asks them by name, with params" do
      expect(described_class.call("orders_backlog", region: "north", limit: 5)).to eq("region" => "north", "waiting" => 5, "urgent" => true)
      expect(described_class.call("orders_empty")).to eq("waiting" => 0)
    end

    it "raises the worker's errors" do
      codes = [["orders_backlog", { region: 7 }], ["orders_backlog", { region: "nowhere" }], ["orders_requeue"], ["orders_nothing"]].map do |asked|
        refusal { described_class.call(*asked) }.code
      end
      expect(codes).to eq(%w[INVALID_PARAMS INTERNAL FORBIDDEN ENDPOINT_NOT_FOUND])
      expect(refusal { described_class.call("orders_backlog", region: "closed") }).to have_attributes(code: "TIMEOUT", message: "The region is closed.")
    end
  end

  context "with a script that was written for Tasker's own gem" do
    # Exits 0 if a worker is ready, and 1 if none is.
    let(:script) { "require 'tasker_core'\n\nexit(TaskerCore::Observability.ready? ? 0 : 1)\n" }

    def exit_code_with(socket)
      paths = $LOAD_PATH.flat_map { |path| ["-I", path.to_s] }
      system({ "TASKER_OBSERVABILITY_SOCKET" => socket }, RbConfig.ruby, *paths, "-e", script)
      $CHILD_STATUS.exitstatus
    end

    it "needs no change" do
      expect(exit_code_with(ENV.fetch("TASKER_SOCKET"))).to eq(0)
      expect(exit_code_with("/nowhere/worker.sock")).to eq(1)
    end
  end

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
      expect(JSON.parse(described_class.metrics_worker)["metrics"]["tasker_worker_uptime_seconds"]).to include("metric_type" => "gauge", "labels" => {})
    end

    it "answers templates as JSON, and what came of an operation as structs" do
      expect(JSON.parse(described_class.templates_list)["cache_stats"]).to be_nil
      expect(JSON.parse(described_class.templates_list(include_cache_stats: true))["cache_stats"]).to be_a(Hash)
      expect(JSON.parse(described_class.template_get(**charge))["template"]["template"]["name"]).to eq("charge")
      expect(described_class.template_validate(**charge)).to be_a(types::TemplateValidation).and have_attributes(valid: true)
      expect(described_class.template_refresh(**charge).success).to be(true)
      expect(described_class.template_refresh(**charge, name: "none").success).to be(false)
      expect(described_class.template_refresh(namespace: 1, name: "charge", version: "1.0.0")).to have_attributes(operation: "refresh", success: false, cache_stats: nil)
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

    it "gives structs whose attributes, and nothing else, are read by name" do
      basic = described_class.health_basic
      expect(basic[:status]).to eq("healthy")
      %i[hash object_id to_h].each { |name| expect { basic[name] }.to raise_error(KeyError) }
    end

    it "raises a RuntimeError with a code" do
      error = refusal { described_class.template_get(**charge, name: "none") }
      expect(error).to be_a(RuntimeError).and have_attributes(code: "TEMPLATE_NOT_FOUND")
      expect(refusal { described_class.template_validate(**charge, namespace: 1) }.code).to eq("INVALID_PARAMS")
      expect(refusal { described_class.template_get(**charge, name: "\xff") }.code).to eq("INVALID_PARAMS")
      described_class.socket_path = ENV.fetch("TASKER_READ_ONLY_SOCKET")
      expect(refusal { described_class.cache_clear }.code).to eq("CACHE_OPERATIONS_DISABLED")
    end

    it "answers a refresh that could not be done, whatever the reason, and raises none" do
      described_class.socket_path = ENV.fetch("TASKER_READ_ONLY_SOCKET")
      refused = described_class.template_refresh(**charge)
      expect(refused).to be_a(types::CacheOperationResult).and have_attributes(success: false, message: start_with("Cache operations are disabled"))
      described_class.socket_path = "/nowhere/worker.sock"
      expect(described_class.template_refresh(**charge)).to have_attributes(success: false, message: "Worker system not running")
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

    it "can be asked by forked processes at once, and by their parent after them" do
      described_class.health_basic
      children = Array.new(4) do
        in_child { Array.new(100) { [described_class.environment, described_class.health_basic.status] }.uniq == [%w[test healthy]] }
      end
      expect(children.map { |child| succeeded?(child) }).to all(be(true))
      expect(described_class.environment).to eq("test")
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

    it "rejects an invalid path" do
      expect(refusal { described_class.socket_path = 5 }).to have_attributes(code: "INVALID_PARAMS", message: /String, a Pathname or nil/)
      expect(refusal { described_class.socket_path = "a\0b" }.code).to eq("INVALID_PARAMS")
    end
  end

  context "with something else" do
    around do |example|
      Dir.mktmpdir do |folder|
        @server = UNIXServer.new(File.join(folder, "odd.sock"))
        described_class.socket_path = Pathname(@server.path)
        example.run
      ensure
        @server.close
      end
    end

    def answer(client, id: JSON.parse(client.gets)["id"], **answered)
      client.puts(JSON.generate(jsonrpc: "2.0", id: id, **answered))
    end

    def code_with(error)
      Thread.new { @server.accept.then { |client| answer(client, error: error) } }
      refusal { described_class.environment }.code
    ensure
      described_class.socket_path = @server.path
    end

    it "takes nothing else for a worker, and connects anew once one is there" do
      ["rubbish\n", "[]\n", nil].each do |reply|
        Thread.new do
          client = @server.accept
          client.gets
          reply.nil? ? client.close : client.write(reply)
        end
        expect(refusal { described_class.environment }.code).to eq("WORKER_NOT_RUNNING")
      end
      Thread.new { answer(@server.accept, result: "test") }
      expect(described_class.environment).to eq("test")
    end

    it "says which field an answer lacks or has of another type, as a worker of another version may answer" do
      basic = { status: "healthy", timestamp: "2025-01-01T00:00:00.000Z", worker_id: "w" }
      health = { status: "healthy", timestamp: "t", worker_id: "w", checks: 7, system_info: {} }
      cases = [
        [:health_basic, basic.except(:worker_id), /worker_id.*another version/],
        [:health_basic, basic.merge(status: 5), /status.*another version/],
        [:health_basic, 7, /BasicHealth.*another version/],
        [:health_ready, health, /checks.*another version/],
        [:health_ready, health.merge(checks: { database: { status: "healthy" } }), /message.*another version/]
      ]
      Thread.new { client = @server.accept; cases.each { |_, result, _| answer(client, result: result) } }
      cases.each do |method, _, message|
        expect(refusal { described_class.public_send(method) }).to have_attributes(code: "INTERNAL", message: message)
      end
    end

    it "has a forked process wait for no call of its parent's threads" do
      call = Thread.new { refusal { described_class.environment } }
      silent = @server.accept
      silent.gets
      child = in_child { described_class.environment == "test" }
      answer(@server.accept, result: "test")
      expect(succeeded?(child)).to be(true)
      silent.close
      expect(call.value.code).to eq("WORKER_NOT_RUNNING")
    end

    it "does not wait for ever for one who neither reads nor answers" do
      client = described_class::Client.new(@server.path, timeout: 0.1)
      expect(refusal { client.call("template_get", { name: "x" * 4_000_000 }) }.code).to eq("TIMEOUT")
      expect(refusal { client.call("health_basic") }.code).to eq("TIMEOUT")
    end

    it "does not wait for ever for one who takes no connection" do
      @server.listen(0)
      taken = UNIXSocket.new(@server.path)
      client = described_class::Client.new(@server.path, timeout: 0.1)
      expect(Timeout.timeout(10) { refusal { client.call("health_basic") } }.code).to eq("WORKER_NOT_RUNNING")
      taken.close
    end

    it "makes one connection, however many threads are the first to ask" do
      made = Queue.new
      go = Queue.new
      allow(described_class::Client).to receive(:new).and_wrap_original do |original, *args|
        made << args
        go.pop
        original.call(*args)
      end
      threads = Array.new(2) { Thread.new { described_class.ready? } }
      Thread.pass until threads.all?(&:stop?)
      go.close
      Thread.new { 2.times { @server.accept.close } }
      threads.each(&:join)
      expect(made.size).to eq(1)
    end

    it "reads an answer as UTF-8, whatever the locale is" do
      Thread.new { answer(@server.accept, result: "prüfung") }
      environment = described_class.environment
      expect([environment, environment.encoding]).to eq(["prüfung", Encoding::UTF_8])
    end

    it "keeps to the documented codes" do
      expect(code_with(message: "x", data: { error: "timeout" })).to eq("TIMEOUT")
      expect([{ data: { error: "too_many_calls" } }, { data: "x" }, "x"].map { |error| code_with(error) }.uniq).to eq(["INTERNAL"])
    end

    it "says why a full worker rejects the connection, though it closes it at once" do
      Thread.new do
        client = @server.accept
        answer(client, id: nil, error: { message: "Full.", data: { error: "too_many_connections" } })
        client.close
        answer(@server.accept, result: "test")
      end
      long = { namespace: "x" * 4_000_000, name: "x", version: "1" }
      expect(refusal { described_class.template_get(**long) }).to have_attributes(code: "INTERNAL", message: "Full.")
      expect(described_class.environment).to eq("test")
    end
  end
end
