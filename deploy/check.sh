#!/bin/sh
# What CI checks, in this order; each line names the command that fixes it. check.sh BIN
bin=$1
failed=0
step() {  # NAME FIX COMMAND…
  name=$1 fix=$2
  shift 2
  printf '%-22s' "$name"
  if output=$("$@" 2>&1); then echo ok; else
    echo "FAILED — $fix"
    printf '%s\n' "$output" | tail -40
    failed=1
  fi
}
step format "$bin/ruff format" "$bin/ruff" format --check --quiet
step lint "$bin/ruff check --fix" "$bin/ruff" check --quiet
step types "see the lines below" "$bin/mypy"
step imports "see the contract's name" "$bin/lint-imports" --no-cache
step "own rules" "tests/architecture/rules.py says what each is for" \
  "$bin/python" -m pytest -q tests/architecture/test_rules.py -k rule_of_our_own
step schemas "$bin/python -m deploy.generate_schemas" "$bin/python" -m deploy.generate_schemas --check
step facts "a published fact never changes: declare v2" "$bin/python" -m deploy.fact_compatibility
step openapi "$bin/python -m deploy.generate_openapi" "$bin/python" -m deploy.generate_openapi --check
step graphql "$bin/python -m gateway.schema" "$bin/python" -m gateway.schema --check
step "dead code" "delete it" "$bin/vulture"
"$bin/python" -m deploy.fact_reach
exit $failed
