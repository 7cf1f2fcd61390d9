# frozen_string_literal: true

module TaskerCore
  module Observability
    # Stands in for Dry::Struct where the gem is not installed: the same for what is used here.
    class PlainStruct
      class << self
        def attribute(name, type)
          schema[name] = type
          define_method(name) { attributes[name] }
        end

        def schema
          @schema ||= {}
        end

        alias call new

        # Usable as the type of another struct's attribute.
        def [](value)
          value.is_a?(self) ? value : new(value)
        end
      end

      # By name; structs in it stay structs.
      attr_reader :attributes

      def initialize(data)
        given = data.transform_keys(&:to_sym)
        attributes = self.class.schema.to_h do |name, type|
          raise KeyError, "#{self.class}: #{name} is missing" unless given.key?(name)

          [name, type[given[name]]]
        end
        @attributes = attributes.freeze
        freeze
      end

      def to_h
        attributes.transform_values { |value| plain(value) }
      end

      # For pattern matching.
      def deconstruct_keys(_keys)
        attributes
      end

      def [](name)
        public_send(name)
      end

      def ==(other)
        other.class == self.class && other.to_h == to_h
      end
      alias eql? ==

      def hash
        to_h.hash
      end

      private

      def plain(value)
        case value
        when PlainStruct then value.to_h
        when Hash then value.transform_values { |one| plain(one) }
        when Array then value.map { |one| plain(one) }
        else value
        end
      end
    end
  end
end
