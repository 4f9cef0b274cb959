-- Asks for what the table in BENCH_TARGETS names, in turn, and says what came of it.
-- The table is written by load.py: {limit = n, {method, path, headers, body}, ...}

local targets = dofile(os.getenv("BENCH_TARGETS"))
local run = os.getenv("BENCH_RUN")
local ready, asked = {}, 0

function init(args)
  for i, target in ipairs(targets) do
    if not target.body then
      ready[i] = wrk.format(target.method, target.path, target.headers)
    end
  end
end

function request()
  asked = asked + 1
  if asked > targets.limit then wrk.thread:stop() end
  local i = (asked - 1) % #targets + 1
  if ready[i] then return ready[i] end
  -- a body names the run and a number, so that no question is asked twice
  local target = targets[i]
  local body = target.body:gsub("NUMBER", run .. "-" .. asked)
  return wrk.format(target.method, target.path, target.headers, body)
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    "BENCH %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.timeout + errors.status
  ))
end
