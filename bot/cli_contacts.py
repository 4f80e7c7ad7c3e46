import click


@click.group()
def contacts() -> None:
    """x"""
