# Checks rules.yml against a Prometheus that scrapes agents: finds misspelt metrics and labels, and functions that do not fit a metric's type.
prometheus "agents" {
  uri = "http://127.0.0.1:9090"
}
