"""
moto's server, with what it leaves undone when a change set is executed (moto 5.2.5, ChangeSet.apply): the
stack's outputs stay those of the template before. Serverless deploys by change sets.
"""
from moto.cloudformation.models import ChangeSet
from moto.server import main

apply_resources = ChangeSet.apply


def apply(self):
    apply_resources(self)
    self.stack.template_dict = self.template_dict
    self.stack.output_map = self.stack._create_output_map()


ChangeSet.apply = apply
main(["-H", "127.0.0.1", "-p", "0"])
