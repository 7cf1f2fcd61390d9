# frozen_string_literal: true

require "json"
require "socket"

module TaskerCore
  module Observability
    NOT_RUNNING = "Worker system not running"

    # What a worker refuses or fails with; +code+ is one of the documented codes.
    class Error < RuntimeError
      attr_reader :code

      def initialize(code, message)
        super(message)
        @code = code
      end
    end

    # One connection to a worker's socket, made with the first call and anew after it broke off.
    # Threads may share it: calls go one at a time.
    class Client
      MAX_FRAME_BYTES = 1_048_576

      def initialize(path, timeout: 30)
        @path = path
        @timeout = timeout
        @lock = Mutex.new
        @last_id = 0
      end

      def call(method, params = nil)
        @lock.synchronize do
          drop if @socket && broken?
          connect unless @socket
          exchange(method, params)
        end
      end

      def close
        @lock.synchronize { drop }
      end

      private

      def exchange(method, params)
        @last_id += 1
        frame = encode({ jsonrpc: "2.0", id: @last_id, method: method, params: params }.compact)
        deadline = now + @timeout
        answer = transfer(frame, deadline)
        answer = read(deadline) until [@last_id, nil].include?(answer["id"])
        result_of(answer)
      end

      def transfer(frame, deadline)
        @socket.write(frame)
        read(deadline)
      rescue SystemCallError, IOError
        drop
        raise Error.new("WORKER_NOT_RUNNING", NOT_RUNNING)
      end

      def encode(request)
        "#{JSON.generate(request)}\n"
      rescue JSON::GeneratorError, EncodingError
        raise Error.new("INVALID_PARAMS", "The params hold what JSON cannot say.")
      end

      def connect
        @socket = UNIXSocket.new(@path)
        @held = String.new(encoding: Encoding::BINARY)
      rescue SystemCallError, ArgumentError
        raise Error.new("WORKER_NOT_RUNNING", NOT_RUNNING)
      end

      # A worker that was restarted has closed the idle connection: nothing was sent on it yet.
      def broken?
        @socket.recv_nonblock(1, Socket::MSG_PEEK, exception: false) != :wait_readable
      rescue SystemCallError, IOError
        true
      end

      def read(deadline)
        receive(deadline) until (line_end = @held.index("\n"))
        answer = JSON.parse(@held.slice!(0..line_end).force_encoding(Encoding::UTF_8))
        answer.is_a?(Hash) ? answer : refuse_stranger
      rescue JSON::ParserError
        refuse_stranger
      end

      def receive(deadline)
        left = deadline - now
        time_out unless left.positive? && @socket.wait_readable(left)
        @held << @socket.readpartial(65_536)
        refuse_stranger if @held.bytesize > 2 * MAX_FRAME_BYTES
      end

      def time_out
        # Its answer may still come: it must not be taken for that of the next call.
        drop
        raise Error.new("TIMEOUT", "No answer within #{@timeout} s.")
      end

      def refuse_stranger
        drop
        raise Error.new("WORKER_NOT_RUNNING", "What answers there is no worker.")
      end

      def result_of(answer)
        error = answer["error"]
        return answer["result"] if error.nil?

        raise Error.new((error.dig("data", "error") || "internal").upcase, error["message"])
      end

      def drop
        @socket&.close
        @socket = nil
      end

      def now
        Process.clock_gettime(Process::CLOCK_MONOTONIC)
      end
    end
  end
end
