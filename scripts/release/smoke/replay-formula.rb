# Does with a formula what Homebrew would do, as far as this formula goes: picks the archive of this machine, compares
# its checksum, unpacks it, runs `install` and `test`.
#   ruby replay-formula.rb FORMULA ARCHIVE_FOLDER PREFIX
# It knows only the words that the formula may use, so that a word Homebrew has not is noticed.
require "digest"
require "fileutils"
require "pathname"

FORMULA, ARCHIVES, PREFIX = ARGV.map { |argument| Pathname.new(argument).expand_path }

class Folder < Pathname
  def install(*names)
    mkpath
    names.each { |name| FileUtils.cp(name, self / name) }
  end

  def /(other) = Folder.new(super)
end

class Formula
  class << self
    attr_reader :tests, :service_definition, :livecheck_definition

    %i[desc homepage version license url sha256].each do |name|
      define_method(name) { |value = nil| value ? instance_variable_set("@#{name}", value) : instance_variable_get("@#{name}") }
    end

    def on_linux = yield
    def on_intel = yield
    # Not this machine: but what is inside must be right all the same.
    def on_macos = elsewhere { yield }
    def on_arm = elsewhere { yield }
    def test(&block) = @tests = block
    def service(&block) = @service_definition = block
    def livecheck(&block) = @livecheck_definition = block

    def inherited(formula)
      super
      @last = formula
    end

    def last = @last

    private

    def elsewhere
      kept = [@url, @sha256]
      yield
      raise "#{@url} has no checksum of 64 digits" if @url && @sha256 !~ /\A\h{64}\z/
      @url, @sha256 = kept
    end
  end

  def prefix = Folder.new(PREFIX)
  def bin = prefix / "bin"
  def opt_bin = bin
  def doc = prefix / "share/doc/claude-proxy"
  def var = prefix / "var"
  def version = self.class.version

  def shell_output(command)
    output = `#{command}`
    raise "#{command} has failed: #{output}" unless $?.success?
    output
  end

  def assert_match(expected, actual)
    raise "#{expected.inspect} is not in #{actual.inspect}" unless actual.include?(expected)
  end
end

# The words of a `service` block, each of which gives what it was given.
class Service
  attr_reader :words

  def initialize(formula) = (@formula, @words = formula, {})
  def opt_bin = @formula.opt_bin
  def var = @formula.var

  %i[run keep_alive log_path error_log_path].each do |name|
    define_method(name) { |*values, **named| @words[name] = values.first || named }
  end
end

load FORMULA.to_s
kind = Formula.last
archive = ARCHIVES / File.basename(kind.url)
raise "#{archive} is another than the formula says" unless Digest::SHA256.file(archive).hexdigest == kind.sha256

formula = kind.new
work = PREFIX / "work"
work.mkpath
system("tar", "-xzf", archive.to_s, "-C", work.to_s, exception: true)
# Homebrew enters the only folder that an archive has.
Dir.chdir(work.children.first) { formula.install }
raise "there are no caveats" if formula.caveats.empty?
formula.instance_eval(&kind.tests)

service = Service.new(formula)
service.instance_eval(&kind.service_definition)
raise "the service starts something else" unless service.words[:run].map(&:to_s) == [(formula.opt_bin / "claude-proxy").to_s, "serve"]
raise "the service is not kept alive" unless service.words[:keep_alive] == { crashed: true }
puts "#{kind.name} #{kind.version}: installed, tested, service #{service.words.keys.join(" ")}"
